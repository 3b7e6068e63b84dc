package alirtc.appserver.time;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a job each time it is due, unless the last time is not over; whatever that threw, the next is started. Thread-safe. */
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
        try {
            // The stage ends the round and reports its failure; nobody else waits for it.
            var unused = job.get().whenComplete((done, failure) -> end(failure));
        } catch (RuntimeException | Error e) {
            end(e);
        }
    }

    private void end(@Nullable Throwable failure) {
        // First: an error may come again in writing the line.
        running.set(false);
        if (failure != null) {
            LOG.error("A regular job failed", failure);
        }
    }
}
