package alirtc.appserver.overview;

import alirtc.appserver.time.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * An answer that is asked for once a second at the most, however many look at it; a failure is not remembered. Thread-safe;
 * never blocks.
 */
final class Remembered<T> {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final SteadyClock clock;
    private final Supplier<CompletableFuture<T>> source;
    private Instant askedAt = Instant.MIN;
    private CompletableFuture<T> latest;

    /**
     * Asks nothing yet.
     *
     * @param none the answer before the first
     * @param source never blocks
     */
    Remembered(SteadyClock clock, T none, Supplier<CompletableFuture<T>> source) {
        this.clock = clock;
        this.source = source;
        this.latest = CompletableFuture.completedFuture(none);
    }

    /** Returns the answer as it is or was a second ago. */
    synchronized CompletableFuture<T> get() {
        var now = clock.instant();
        if (latest.isDone()
                && (latest.isCompletedExceptionally() || !askedAt.plus(FRESH).isAfter(now))) {
            askedAt = now;
            latest = source.get();
        }
        return latest;
    }
}
