package alirtc.appserver.time;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a job each time it is due, unless the last time is not over. Thread-safe; never throws. */
public final class NonOverlappingTask implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(NonOverlappingTask.class);

    private final Supplier<? extends CompletableFuture<?>> job;
    private final AtomicBoolean running = new AtomicBoolean();

    /**
     * Wraps a job.
     *
     * @param job starts it, and returns a future that is done when it is over
     */
    public NonOverlappingTask(Supplier<? extends CompletableFuture<?>> job) {
        this.job = job;
    }

    @Override
    public void run() {
        if (!running.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<?> started;
        try {
            started = job.get();
        } catch (RuntimeException e) {
            started = CompletableFuture.failedFuture(e);
        }
        // The stage ends the round and reports its failure; nobody else waits for it.
        var unused = started.whenComplete((done, failure) -> {
            running.set(false);
            if (failure != null) {
                LOG.error("A regular job failed", failure);
            }
        });
    }
}
