package alirtc.appserver.bench;

import alirtc.appserver.it.UnreadingCallers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Callers who send request after request and read no answer. */
final class UnreadAnswers implements Attack {
    private static final int CALLERS = 250;

    @Override
    public String title() {
        return CALLERS + " callers read no answers";
    }

    @Override
    public Duration length() {
        return Duration.ofSeconds(12);
    }

    @Override
    public void run(int port) throws Exception {
        var callers = UnreadingCallers.start(
                port,
                CALLERS,
                number -> "/1v1-audio/app/" + (number % 2 == 0 ? "token" : "descChannelUsers") + "?channelId=unread-"
                        + number % CALLERS);
        try {
            TimeUnit.NANOSECONDS.sleep(length().toNanos());
        } finally {
            callers.close();
        }
    }
}
