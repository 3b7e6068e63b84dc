package alirtc.appserver.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.JwtConfig;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.SteadyClock;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers wait for keys without a thread of their own, and keys are refreshed whatever the machine's clock does. */
class KeySourceTest {
    private static final Duration GAP = Duration.ofSeconds(10);
    private static final int PATIENCE_SECONDS = 20;

    private final KeyServer server = KeyServer.start(Jwts.jwks(Jwts.jwk("old", Jwts.newKey("RSA", 2048), "")));
    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00Z"));
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger withoutThread = new AtomicInteger();
    private final ExecutorService workers =
            new ThreadPoolExecutor(64, 64, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
                @Override
                public void execute(Runnable read) {
                    if (reads.incrementAndGet() <= withoutThread.get()) {
                        throw new InternalError("in place of the error of a system that gives no thread");
                    }
                    super.execute(read);
                }
            };

    @AfterEach
    void stop() {
        server.close();
        workers.shutdownNow();
    }

    private static JWSHeader header(String key) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key).build();
    }

    @Test
    void ready_manyUnknownKeysWhileTheServerHangs_takesOneWorker() throws Exception {
        try (var keys = new KeySource(server.address(), time.wall(), workers, time)) {
            keys.ready(header("old")).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            time.advance(GAP);
            server.behave("hang");
            int before = reads.get();
            var waiting = IntStream.range(0, 50)
                    .mapToObj(i -> keys.ready(header("unknown-" + i)))
                    .toList();
            assertEquals(before + 1, reads.get());
            for (var one : waiting) {
                assertFalse(one.isDone());
            }
            assertTrue(keys.ready(header("old")).isDone(), "a known key waits for nothing");
            time.advance(JwksRetriever.TIME_LIMIT);
            for (var one : waiting) {
                one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void refresh_endsByAnError_isTriedAgain() throws Exception {
        server.behave("500");
        try (var keys = new KeySource(server.address(), time.wall(), workers, time)) {
            withoutThread.set(3);
            keys.ready(header("any")).handle((done, failure) -> true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertEquals(1, reads.get());
            time.advance(GAP.multipliedBy(2));
            assertEquals(3, reads.get());
            time.advance(GAP);
            assertEquals(4, reads.get());
        }
    }

    @Test
    void refresh_machineClockSetBack_goesOn() {
        var jwt = new JwtConfig(new JwtConfig.Keys.Published(server.address()), Optional.empty(), Optional.empty());
        var clock = new SteadyClock(time.wall(), time::nanoTime);
        // As a worker this time runs at once what it is given.
        var authenticator = Authenticator.of(jwt, time.wall(), clock, time, time);
        assertEquals(1, server.asked());
        time.step(Duration.ofDays(-1));
        for (int times = 2; times < 5; times++) {
            time.advance(Duration.ofMinutes(5));
            assertEquals(times, server.asked());
        }
        authenticator.close();
    }
}
