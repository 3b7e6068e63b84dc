package alirtc.appserver.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Many requests, on many connections, whose answers are read and do not matter. */
final class AttackFlood {
    private static final long MILLIS_UNTIL_NEXT_TRY = 100;

    private final int port;
    private final long nanosBetween;
    private final LongFunction<String> targets;
    private final long begin = System.nanoTime();
    private final long end;
    private final AtomicLong sent = new AtomicLong();

    private AttackFlood(int port, int perSecond, LongFunction<String> targets, Duration length) {
        this.port = port;
        this.nanosBetween = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.targets = targets;
        this.end = begin + length.toNanos();
    }

    /**
     * Sends requests, and returns when the time is over.
     *
     * @param perSecond how many requests on all connections together, as far as the server keeps up
     * @param targets returns the path and query of the request with a number
     */
    static void send(int port, int connections, int perSecond, LongFunction<String> targets, Duration length)
            throws InterruptedException {
        var flood = new AttackFlood(port, perSecond, targets, length);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < connections; i++) {
            var thread = new Thread(flood::run, "flood-" + i);
            thread.start();
            threads.add(thread);
        }
        for (var thread : threads) {
            thread.join();
        }
    }

    private void run() {
        try {
            while (System.nanoTime() < end) {
                try (var connection = new AttackConnection(port)) {
                    askUntilEnd(connection);
                } catch (IOException e) {
                    TimeUnit.MILLISECONDS.sleep(MILLIS_UNTIL_NEXT_TRY);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void askUntilEnd(AttackConnection connection) throws IOException, InterruptedException {
        while (System.nanoTime() < end) {
            long number = sent.getAndIncrement();
            TimeUnit.NANOSECONDS.sleep(begin + number * nanosBetween - System.nanoTime());
            connection.get(targets.apply(number));
        }
    }
}
