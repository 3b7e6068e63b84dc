package alirtc.appserver.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Tokens for channels that nobody joins, all of whose limits are reached at the same time as those of calls. */
final class TokensNeverUsed implements Attack {
    private static final int CONNECTIONS = 32;
    private static final int TOKENS = 20_000;
    private static final Duration WITHIN = Duration.ofSeconds(6);

    @Override
    public String title() {
        return TOKENS + " tokens in " + WITHIN.toSeconds() + " s, at the limit of their channels, which nobody joined";
    }

    @Override
    public Duration length() {
        return WITHIN.plusSeconds(2);
    }

    @Override
    public void prepare(int port) throws Exception {
        AttackFlood.send(
                port,
                CONNECTIONS,
                (int) (TOKENS / WITHIN.toSeconds()),
                number -> "token?channelId=unused-" + number,
                WITHIN);
    }

    @Override
    public void run(int port) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(length().toNanos());
    }
}
