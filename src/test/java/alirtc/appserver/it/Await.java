package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits in real time for what other processes do. */
final class Await {
    private static final long PAUSE_MILLIS = 50;

    private Await() {}

    /** Waits until something holds; fails if it takes too long. */
    static void until(String what, Duration longest, BooleanSupplier holds) {
        var never = new CompletableFuture<Void>();
        long deadline = System.nanoTime() + longest.toNanos();
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "not in time: " + what);
            try {
                never.get(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // That was the pause.
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }
    }
}
