package alirtc.appserver.bench;

import java.time.Duration;

/** Many callers at once, each of whom asks again as soon as it is answered: their requests take memory. */
final class ManyAtOnce implements Attack {
    private static final int CONNECTIONS = 800;
    private static final int CHANNELS = 1_000;

    /** More than any server answers. */
    private static final int REQUESTS_PER_SECOND = 1_000_000;

    @Override
    public String title() {
        return CONNECTIONS + " callers at once, each without a pause";
    }

    @Override
    public Duration length() {
        return Duration.ofSeconds(10);
    }

    @Override
    public void run(int port) throws InterruptedException {
        AttackFlood.send(
                port,
                CONNECTIONS,
                REQUESTS_PER_SECOND,
                number -> "token?channelId=at-once-" + number % CHANNELS,
                length());
    }
}
