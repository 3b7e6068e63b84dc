package alirtc.appserver.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is due goes on, whatever one round of it throws; an {@link InternalError} stands in for every error. */
class NonOverlappingTaskTest {
    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00Z"));
    private final AtomicInteger rounds = new AtomicInteger();

    @Test
    void run_roundEndsByAnError_isFollowedByTheNext() {
        var task = new NonOverlappingTask(() -> {
            rounds.incrementAndGet();
            throw new InternalError("as a test wants it");
        });
        new Timers(time).every(Duration.ofSeconds(1), task);
        time.advance(Duration.ofSeconds(3));
        assertEquals(3, rounds.get());
    }

    @Test
    void run_roundNotOver_isNotBegunAgain() {
        var round = new CompletableFuture<Void>();
        var task = new NonOverlappingTask(() -> {
            rounds.incrementAndGet();
            return round;
        });
        task.run();
        task.run();
        assertEquals(1, rounds.get());
        round.completeExceptionally(new InternalError("as a test wants it"));
        task.run();
        assertEquals(2, rounds.get());
    }

    @Test
    void every_taskThrows_isRunAgain() throws Exception {
        var scheduler = Executors.newSingleThreadScheduledExecutor();
        var thrice = new CompletableFuture<Void>();
        try {
            new Timers(scheduler).every(Duration.ofMillis(1), () -> {
                if (rounds.incrementAndGet() == 3) {
                    thrice.complete(null);
                }
                throw new InternalError("as a test wants it");
            });
            thrice.get(20, TimeUnit.SECONDS);
        } finally {
            scheduler.shutdownNow();
        }
    }
}
