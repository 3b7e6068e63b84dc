package alirtc.appserver.time;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens after a time. Thread-safe; never blocks. */
public final class Timers {
    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);

    private final ScheduledExecutorService scheduler;

    /**
     * Builds timers.
     *
     * @param scheduler runs what is due; not closed here
     */
    public Timers(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Fails a future that is not done after a time; one that is done earlier leaves no timer behind.
     *
     * @param failure returns what it fails with
     */
    public void timeout(CompletableFuture<?> future, Duration time, Supplier<? extends Throwable> failure) {
        if (future.isDone()) {
            return;
        }
        var timer = scheduler.schedule(
                () -> future.completeExceptionally(failure.get()), time.toNanos(), TimeUnit.NANOSECONDS);
        // The stage only ends the timer, and has no result of its own.
        var unused = future.whenComplete((value, reason) -> timer.cancel(false));
    }

    /** Runs a task after a time, at once if the time is not positive; logs what it throws. */
    public void after(Duration time, Runnable task) {
        // Nobody waits for the task.
        var unused = scheduler.schedule(() -> run(task), time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns a future that is done after a time. */
    public CompletableFuture<Void> delay(Duration time) {
        var over = new CompletableFuture<Void>();
        after(time, () -> over.complete(null));
        return over;
    }

    /** Runs a task again and again, first after one period; logs what it throws, and runs it again all the same. */
    public void every(Duration period, Runnable task) {
        // Ends with the scheduler.
        var unused = scheduler.scheduleWithFixedDelay(
                () -> run(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs a task for a scheduler, which would drop one that throws, and keep to itself what that was. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            try {
                LOG.error("A task of a timer failed", e);
            } catch (OutOfMemoryError again) {
                // There is no room for the line either.
            }
        }
    }
}
