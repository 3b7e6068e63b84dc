package alirtc.appserver.registry;

import alirtc.appserver.time.Timers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Takes back the seats of tokens of which nobody knows whether they were written: whoever asked for one was refused, and
 * asks again as another user. Thread-safe; never blocks.
 */
final class SeatReturns {
    /** Longer than the store may take to write what was given up. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** For as long as an observation does not take a seat back anyway. */
    private static final int ATTEMPTS = 30;

    private final Timers timers;

    /** Builds what takes seats back after a time. */
    SeatReturns(Timers timers) {
        this.timers = timers;
    }

    /**
     * Has a seat taken back if it proves uncertain whether it was taken.
     *
     * @param written what came of its token
     * @param takeBack starts to take it back
     */
    void watch(CompletableFuture<?> written, Supplier<CompletableFuture<?>> takeBack) {
        // The stage has no result of its own.
        var unused = written.whenComplete((state, failure) -> {
            if (failure != null
                    && RegistryException.in(failure)
                            .filter(RegistryException::isUncertain)
                            .isPresent()) {
                later(takeBack, ATTEMPTS);
            }
        });
    }

    private void later(Supplier<CompletableFuture<?>> takeBack, int attempts) {
        timers.after(PAUSE, () -> {
            // The stage tries again itself; that the registry is away is reported elsewhere.
            var unused = takeBack.get().whenComplete((done, failure) -> {
                if (failure != null && attempts > 1) {
                    later(takeBack, attempts - 1);
                }
            });
        });
    }
}
