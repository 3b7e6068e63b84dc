package alirtc.appserver.bench;

import java.time.Duration;

/** Tokens, as many as there can be, each for another channel, which nobody joins. */
final class MadeUpChannels implements Attack {
    private static final int CONNECTIONS = 64;
    private static final int MOST_PER_SECOND = 10_000;

    @Override
    public String title() {
        return "as many tokens as can be for made-up channels";
    }

    @Override
    public Duration length() {
        return Duration.ofSeconds(15);
    }

    @Override
    public void run(int port) throws Exception {
        AttackFlood.send(port, CONNECTIONS, MOST_PER_SECOND, number -> "token?channelId=made-up-" + number, length());
    }
}
