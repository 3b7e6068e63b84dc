package alirtc.appserver.time;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands a job that may block to threads of its own each time it is due, unless the last time is not over. */
public final class NonOverlappingTask implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(NonOverlappingTask.class);

    private final Runnable job;
    private final Executor threads;
    private final AtomicBoolean running = new AtomicBoolean();

    /** Wraps a job for its executor. */
    public NonOverlappingTask(Runnable job, Executor threads) {
        this.job = job;
        this.threads = threads;
    }

    @Override
    public void run() {
        if (!running.compareAndSet(false, true)) {
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    job.run();
                } catch (RuntimeException e) {
                    LOG.error("A job failed", e);
                } finally {
                    running.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            running.set(false);
        }
    }
}
