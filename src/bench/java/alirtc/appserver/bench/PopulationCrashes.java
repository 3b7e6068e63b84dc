package alirtc.appserver.bench;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Kills, by turns, a server, the receiver of webhooks, and Redis, and has each back soon after. On a thread of its own. */
final class PopulationCrashes extends Thread {
    private static final int EVERY_SECONDS = 10;

    /** The next attempt is 5 s after the first. */
    private static final int RECEIVER_AWAY_SECONDS = 3;

    private final List<Runnable> crashes;
    private final CountDownLatch ended = new CountDownLatch(1);

    PopulationCrashes(
            PopulationServers servers,
            PopulationReceiver receiver,
            PopulationRecords records,
            Optional<WithRedis> redis,
            InstantSource clock) {
        super("crashes");
        setDaemon(true);
        Runnable server = () -> {
            records.killed(clock.instant());
            servers.crash();
        };
        Runnable receive = () -> {
            receiver.setDown(true);
            pause(RECEIVER_AWAY_SECONDS);
            receiver.setDown(false);
        };
        this.crashes = redis.map(one -> List.of(server, receive, one::crash)).orElse(List.of(server, receive));
    }

    @Override
    public void run() {
        try {
            for (int next = 0; !ended.await(EVERY_SECONDS, TimeUnit.SECONDS); next++) {
                crashes.get(next % crashes.size()).run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has nothing crash any more, and waits until all are back. */
    void end() throws InterruptedException {
        ended.countDown();
        join();
    }

    private static void pause(int seconds) {
        try {
            TimeUnit.SECONDS.sleep(seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
