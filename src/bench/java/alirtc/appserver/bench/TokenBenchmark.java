package alirtc.appserver.bench;

import alirtc.appserver.config.TestConfig;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.TokenIssuer;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to mint a token, on one thread and on two. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TokenBenchmark {
    private static final int TOKEN_BYTES = 696;

    private final TokenIssuer issuer = new TokenIssuer(
            TestConfig.of(Map.of()).token(), Optional.empty(), InstantSource.system(), new SecureRandom());
    private final ChannelId channel = new ChannelId("181-218-3406");

    @Benchmark
    @Threads(1)
    public Object oneThread() {
        return issuer.issue(channel);
    }

    @Benchmark
    @Threads(2)
    public Object twoThreads() {
        return issuer.issue(channel);
    }

    /** As many bytes as a token takes, and nothing else. */
    @Benchmark
    @Threads(1)
    public Object allocateOnOneThread() {
        return new byte[TOKEN_BYTES];
    }

    @Benchmark
    @Threads(2)
    public Object allocateOnTwoThreads() {
        return new byte[TOKEN_BYTES];
    }
}
