package alirtc.appserver.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Time that passes when a test says so: a counter of nanoseconds, a clock that can be set, and a scheduler on both. */
public final class ManualTime extends AbstractExecutorService implements ScheduledExecutorService {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong order = new AtomicLong();
    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>();
    private volatile Instant wallOrigin;

    public ManualTime(Instant start) {
        wallOrigin = start;
    }

    /** Returns the clock, which {@link #step} sets. */
    public InstantSource wall() {
        return () -> wallOrigin.plusNanos(nanos.get());
    }

    public long nanoTime() {
        return nanos.get();
    }

    /** Sets the clock forward or back, without any time passing. */
    public void step(Duration by) {
        wallOrigin = wallOrigin.plus(by);
    }

    /** Lets time pass, and runs in their order and on this thread the tasks whose time comes. */
    public void advance(Duration by) {
        long end = nanos.get() + by.toNanos();
        for (var task = dueBy(end); task != null; task = dueBy(end)) {
            nanos.set(Math.max(nanos.get(), task.at));
            task.run();
            task.repeat();
        }
        nanos.set(end);
    }

    private synchronized @Nullable Task<?> dueBy(long end) {
        var head = tasks.peek();
        return head != null && head.at <= end ? tasks.poll() : null;
    }

    private synchronized <T extends Task<?>> T add(T task) {
        tasks.add(task);
        return task;
    }

    private final class Task<T> extends FutureTask<T> implements ScheduledFuture<T> {
        private final long number = order.incrementAndGet();
        private final Callable<T> work;
        private final long everyNanos;
        private final long at;
        private boolean failed;

        Task(Callable<T> work, long delayNanos, long everyNanos) {
            super(work);
            this.work = work;
            this.everyNanos = everyNanos;
            this.at = nanos.get() + delayNanos;
        }

        /** Has the task run again if it is to be; as in every scheduler, not if it threw. */
        void repeat() {
            if (everyNanos > 0 && !failed) {
                var unused = add(new Task<>(work, everyNanos, everyNanos));
            }
        }

        @Override
        protected void setException(Throwable failure) {
            failed = true;
            super.setException(failure);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - nanos.get(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return other instanceof Task<?> task
                    ? at != task.at ? Long.compare(at, task.at) : Long.compare(number, task.number)
                    : 0;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        return add(new Task<>(Executors.callable(work), unit.toNanos(delay), 0));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> work, long delay, TimeUnit unit) {
        return add(new Task<>(work, unit.toNanos(delay), 0));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable work, long first, long every, TimeUnit unit) {
        return scheduleWithFixedDelay(work, first, every, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long first, long every, TimeUnit unit) {
        return add(new Task<>(Executors.callable(work), unit.toNanos(first), unit.toNanos(every)));
    }

    @Override
    public void execute(Runnable work) {
        work.run();
    }

    /** Drops what was to be run. Time goes on, and a later application can be started on it. */
    @Override
    public synchronized void shutdown() {
        tasks.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return true;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
