package alirtc.appserver.rtc;

import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.rtc.RtcException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when an upstream call may go out: never more in any second than the budget, never more at a time than there
 * are workers, the more urgent first, and none while the upstream has to be spared. A call that cannot go out in time
 * fails at once where that can be foreseen. Thread-safe; never blocks its callers.
 *
 * <p>It starts slowly: one call at first, and with every one that ends twice as many at a time. The first calls load the
 * SDK's classes; many that waited for that would go out together, above the budget.
 */
public final class Upstream implements AutoCloseable {
    /** The longest that anybody waits for an answer, its turn included; below the 6 s that a phone is promised. */
    public static final Duration LONGEST_WAIT = Duration.ofMillis(5500);

    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    /**
     * A call to the OpenAPI that waits for its answer.
     *
     * @param <T> the answer
     */
    public interface Call<T> {
        /**
         * Sends the request.
         *
         * @throws RtcException if there is no good answer
         */
        T send() throws RtcException;
    }

    /**
     * A call that was asked for.
     *
     * @param answer its answer, or an {@link RtcException}, within {@link #LONGEST_WAIT}
     * @param hurry moves it forward, if it still waits, for somebody to whom it is more urgent
     * @param <T> the answer
     */
    public record Asked<T>(CompletableFuture<T> answer, Consumer<Urgency> hurry) {}

    private final UpstreamBudget budget;
    private final int workers;
    private final UpstreamHealth health;
    private final InstantSource clock;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private final Metrics metrics;

    private final Object lock = new Object();
    private final CallQueue queue = new CallQueue();
    private final Set<QueuedCall<?>> underWay = ConcurrentHashMap.newKeySet();
    private int allowed = 1;
    private boolean comingBack;
    private boolean closed;

    /**
     * Builds the gate.
     *
     * @param workers the most calls at a time; at least 1
     * @param clock a clock that never steps
     * @param executor runs the calls; must take as many at a time as there are workers; not closed here
     * @param scheduler ends waiting; not closed here
     * @param metrics count the calls that cannot be made
     */
    public Upstream(
            UpstreamBudget budget,
            int workers,
            UpstreamHealth health,
            InstantSource clock,
            Executor executor,
            ScheduledExecutorService scheduler,
            Metrics metrics) {
        this.budget = budget;
        this.workers = workers;
        this.health = health;
        this.clock = clock;
        this.executor = executor;
        this.scheduler = scheduler;
        this.metrics = metrics;
    }

    /** Has a call made when its turn comes. */
    public <T> Asked<T> ask(Urgency urgency, Call<T> call) {
        var queued = new QueuedCall<>(call);
        var answer = queued.answer();
        var refusal = enqueue(urgency, queued);
        if (refusal.isPresent()) {
            metrics.upstreamSpared();
            answer.completeExceptionally(refusal.get());
            return new Asked<>(answer, more -> {});
        }
        var timer = scheduler.schedule(
                () -> answer.completeExceptionally(
                        new RtcException(Kind.TIMEOUT, "no answer within " + LONGEST_WAIT.toMillis() + " ms")),
                LONGEST_WAIT.toMillis(),
                TimeUnit.MILLISECONDS);
        var unused = answer.whenComplete((value, failure) -> timer.cancel(false));
        sendWhatMay();
        return new Asked<>(answer, more -> {
            synchronized (lock) {
                queue.add(more, queued);
            }
        });
    }

    /** Returns how many calls are under way. */
    public int underWay() {
        return underWay.size();
    }

    /** Turns away those who wait for their turn and whoever comes; calls under way go on. */
    public void refuse() {
        List<QueuedCall<?>> left;
        synchronized (lock) {
            closed = true;
            left = queue.takeAll();
        }
        left.forEach(call -> call.answer().completeExceptionally(stopping()));
    }

    /** Turns away those whose calls are under way, too. */
    @Override
    public void close() {
        refuse();
        underWay.forEach(call -> call.answer().completeExceptionally(stopping()));
    }

    /** Adds a call to the queue, or returns why there is no use in that. */
    private Optional<RtcException> enqueue(Urgency urgency, QueuedCall<?> call) {
        var refusal = health.refusal();
        if (refusal.isPresent()) {
            return refusal;
        }
        synchronized (lock) {
            if (closed) {
                return Optional.of(stopping());
            }
            var wait = health.pause().plus(budget.timeFor(queue.ahead(urgency)));
            if (wait.compareTo(urgency.patience()) > 0) {
                return Optional.of(notAsked(wait));
            }
            queue.add(urgency, call);
            return Optional.empty();
        }
    }

    /** Sends calls for as long as any may go out; turns all away if none will for longer than they can wait. */
    private void sendWhatMay() {
        var refusal = health.refusal();
        List<QueuedCall<?>> hopeless = List.of();
        synchronized (lock) {
            while (refusal.isEmpty() && underWay.size() < allowed) {
                var urgency = queue.next();
                if (urgency.isEmpty()) {
                    break;
                }
                var wait = waitForPermit();
                if (wait.compareTo(urgency.get().patience()) > 0) {
                    refusal = Optional.of(notAsked(wait));
                } else if (!wait.isZero()) {
                    comeBackAfter(wait);
                    break;
                } else {
                    var next = queue.take(urgency.get());
                    underWay.add(next);
                    executor.execute(() -> run(next));
                }
            }
            if (refusal.isPresent()) {
                hopeless = queue.takeAll();
            }
        }
        for (var call : hopeless) {
            metrics.upstreamSpared();
            refusal.ifPresent(call.answer()::completeExceptionally);
        }
    }

    private Duration waitForPermit() {
        var pause = health.pause();
        return pause.isZero() ? budget.tryTake() : pause;
    }

    private void comeBackAfter(Duration wait) {
        if (!comingBack) {
            comingBack = true;
            var unused = scheduler.schedule(
                    () -> {
                        synchronized (lock) {
                            comingBack = false;
                        }
                        sendWhatMay();
                    },
                    wait.toNanos(),
                    TimeUnit.NANOSECONDS);
        }
    }

    private <T> void run(QueuedCall<T> queued) {
        try {
            queued.answer().complete(send(queued.call()));
        } catch (RtcException e) {
            queued.answer().completeExceptionally(e);
        } catch (RuntimeException e) {
            LOG.error("A call to the upstream failed by a defect of ours", e);
            queued.answer().completeExceptionally(e);
        } finally {
            synchronized (lock) {
                underWay.remove(queued);
                allowed = Math.min(workers, 2 * allowed);
            }
            sendWhatMay();
        }
    }

    private <T> T send(Call<T> call) throws RtcException {
        health.enter();
        var startedAt = clock.instant();
        try {
            var answer = call.send();
            health.answered(since(startedAt));
            return answer;
        } catch (RtcException e) {
            health.failed(e, since(startedAt));
            throw e;
        } catch (RuntimeException e) {
            health.failed(new RtcException(Kind.NOT_ASKED, "a defect of ours"), since(startedAt));
            throw e;
        }
    }

    private Duration since(Instant start) {
        return Duration.between(start, clock.instant());
    }

    private static RtcException notAsked(Duration wait) {
        return new RtcException(Kind.NOT_ASKED, "no more calls may go out for " + wait.toMillis() + " ms", wait);
    }

    private static RtcException stopping() {
        return new RtcException(Kind.NOT_ASKED, "the server is stopping");
    }
}
