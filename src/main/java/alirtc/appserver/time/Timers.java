package alirtc.appserver.time;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What happens after a time. Thread-safe; never blocks. */
public final class Timers {
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

    /**
     * Runs a task after a time; at once if the time is not positive.
     *
     * @param task must not throw
     */
    public void after(Duration time, Runnable task) {
        // Nobody waits for the task, which reports its own failures.
        var unused = scheduler.schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns a future that is done after a time. */
    public CompletableFuture<Void> delay(Duration time) {
        var over = new CompletableFuture<Void>();
        after(time, () -> over.complete(null));
        return over;
    }

    /**
     * Runs a task again and again, first after one period.
     *
     * @param task must not throw, or it is not run again
     */
    public void every(Duration period, Runnable task) {
        // Ends with the scheduler.
        var unused = scheduler.scheduleWithFixedDelay(task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }
}
