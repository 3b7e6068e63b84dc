package alirtc.appserver.bench;

import java.time.Duration;

/** Questions about channels that nobody knows, each of which has to be asked of the cloud. */
final class UnknownChannels implements Attack {
    private static final int CONNECTIONS = 200;
    private static final int PER_SECOND = 440;

    @Override
    public String title() {
        return PER_SECOND + " questions/s about unknown channels";
    }

    @Override
    public Duration length() {
        return Duration.ofSeconds(10);
    }

    @Override
    public void run(int port) throws Exception {
        AttackFlood.send(
                port, CONNECTIONS, PER_SECOND, number -> "descChannelUsers?channelId=unknown-" + number, length());
    }
}
