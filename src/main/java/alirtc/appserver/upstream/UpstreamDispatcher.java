package alirtc.appserver.upstream;

import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when an upstream call may go out: never more in any second than the limiter, never more at a time than there
 * are workers, the more urgent first, and none while the upstream has to be spared. A call that cannot go out in time
 * fails at once where that can be foreseen. Thread-safe; never blocks its callers.
 *
 * <p>It starts slowly: one call at first, and with every one that ends twice as many at a time. The first calls load the
 * SDK's classes; many that waited for that would go out together, above the limiter.
 */
public final class UpstreamDispatcher implements AutoCloseable {
    /** The longest that anybody waits for an answer, its turn included; below the 6 s that a phone is promised. */
    public static final Duration MAX_WAIT = Duration.ofMillis(5500);

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamDispatcher.class);

    /**
     * A call to the OpenAPI that waits for its answer.
     *
     * @param <T> the answer
     */
    public interface Request<T> {
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
     * @param answer its answer, or an {@link RtcException}, within {@link #MAX_WAIT}
     * @param raisePriority moves it forward, if it still waits, for somebody to whom it is more urgent
     * @param <T> the answer
     */
    public record Submitted<T>(CompletableFuture<T> answer, Consumer<Priority> raisePriority) {}

    private final UpstreamRateLimiter limiter;
    private final int workers;
    private final UpstreamCircuitBreaker breaker;
    private final InstantSource clock;
    private final Executor executor;
    private final Timers timers;
    private final Metrics metrics;

    private final Object lock = new Object();
    private final RequestQueue queue = new RequestQueue();
    private final Set<QueuedRequest<?>> inFlight = ConcurrentHashMap.newKeySet();
    private int allowed = 1;
    private boolean dispatchScheduled;
    private boolean closed;

    /**
     * Builds the gate.
     *
     * @param workers the most calls at a time; at least 1
     * @param clock a clock that never steps
     * @param executor runs the calls; must take as many at a time as there are workers; not closed here
     * @param metrics count the calls that cannot be made
     */
    public UpstreamDispatcher(
            UpstreamRateLimiter limiter,
            int workers,
            UpstreamCircuitBreaker breaker,
            InstantSource clock,
            Executor executor,
            Timers timers,
            Metrics metrics) {
        this.limiter = limiter;
        this.workers = workers;
        this.breaker = breaker;
        this.clock = clock;
        this.executor = executor;
        this.timers = timers;
        this.metrics = metrics;
        metrics.gauge(
                "alirtc_upstream_permits", "Requests to the OpenAPI that could go out at once", limiter::available);
        metrics.gauge(
                "alirtc_upstream_permits_per_second",
                "Requests to the OpenAPI that may go out in a second",
                limiter::maxQps);
        metrics.gauge("alirtc_upstream_requests_in_flight", "Requests to the OpenAPI in flight", this::inFlight);
        metrics.gauge(
                "alirtc_upstream_breaker_open",
                "1 while the circuit breaker keeps requests from the OpenAPI, else 0",
                () -> "open".equals(breaker.state()) ? 1 : 0);
    }

    /** Has a call made when its turn comes. */
    public <T> Submitted<T> submit(Priority priority, Request<T> request) {
        var queued = new QueuedRequest<>(request);
        var answer = queued.answer();
        var rejection = enqueue(priority, queued);
        if (rejection.isPresent()) {
            metrics.upstreamRejected();
            answer.completeExceptionally(rejection.get());
            return new Submitted<>(answer, more -> {});
        }
        timers.timeout(
                answer,
                MAX_WAIT,
                () -> new RtcException(Kind.TIMEOUT, "no answer within " + MAX_WAIT.toMillis() + " ms"));
        dispatch();
        return new Submitted<>(answer, more -> {
            synchronized (lock) {
                queue.add(more, queued);
            }
        });
    }

    /** Returns how many calls are under way. */
    public int inFlight() {
        return inFlight.size();
    }

    /** Turns away those who wait for their turn and whoever comes; calls under way go on. */
    public void stopAccepting() {
        List<QueuedRequest<?>> left;
        synchronized (lock) {
            closed = true;
            left = queue.takeAll();
        }
        left.forEach(request -> request.answer().completeExceptionally(stopping()));
    }

    /** Turns away those whose calls are under way, too. */
    @Override
    public void close() {
        stopAccepting();
        inFlight.forEach(request -> request.answer().completeExceptionally(stopping()));
    }

    /** Adds a call to the queue, or returns why there is no use in that. */
    private Optional<RtcException> enqueue(Priority priority, QueuedRequest<?> request) {
        var rejection = breaker.rejection();
        if (rejection.isPresent()) {
            return rejection;
        }
        synchronized (lock) {
            if (closed) {
                return Optional.of(stopping());
            }
            var wait = breaker.pause().plus(limiter.timeFor(queue.ahead(priority)));
            if (wait.compareTo(priority.maxWait()) > 0) {
                return Optional.of(rejected(wait));
            }
            queue.add(priority, request);
            return Optional.empty();
        }
    }

    /** Sends calls for as long as any may go out; turns all away if none will for longer than they can wait. */
    private void dispatch() {
        var rejection = breaker.rejection();
        List<QueuedRequest<?>> rejectedRequests = List.of();
        synchronized (lock) {
            while (rejection.isEmpty() && inFlight.size() < allowed) {
                var priority = queue.next();
                if (priority.isEmpty()) {
                    break;
                }
                var wait = waitForPermit();
                if (wait.compareTo(priority.get().maxWait()) > 0) {
                    rejection = Optional.of(rejected(wait));
                } else if (!wait.isZero()) {
                    scheduleDispatch(wait);
                    break;
                } else {
                    var next = queue.take(priority.get());
                    inFlight.add(next);
                    executor.execute(() -> run(next));
                }
            }
            if (rejection.isPresent()) {
                rejectedRequests = queue.takeAll();
            }
        }
        for (var request : rejectedRequests) {
            metrics.upstreamRejected();
            rejection.ifPresent(request.answer()::completeExceptionally);
        }
    }

    private Duration waitForPermit() {
        var pause = breaker.pause();
        return pause.isZero() ? limiter.tryTake() : pause;
    }

    private void scheduleDispatch(Duration wait) {
        if (!dispatchScheduled) {
            dispatchScheduled = true;
            timers.after(wait, () -> {
                synchronized (lock) {
                    dispatchScheduled = false;
                }
                dispatch();
            });
        }
    }

    private <T> void run(QueuedRequest<T> queued) {
        try {
            queued.answer().complete(send(queued.request()));
        } catch (RtcException e) {
            queued.answer().completeExceptionally(e);
        } catch (RuntimeException e) {
            LOG.error("A call to the upstream failed by a defect of ours", e);
            queued.answer().completeExceptionally(e);
        } finally {
            synchronized (lock) {
                inFlight.remove(queued);
                allowed = Math.min(workers, 2 * allowed);
            }
            dispatch();
        }
    }

    private <T> T send(Request<T> request) throws RtcException {
        breaker.acquirePermission();
        var startedAt = clock.instant();
        try {
            var answer = request.send();
            breaker.recordSuccess(since(startedAt));
            return answer;
        } catch (RtcException e) {
            breaker.recordFailure(e, since(startedAt));
            throw e;
        } catch (RuntimeException e) {
            breaker.recordFailure(new RtcException(Kind.REJECTED, "a defect of ours"), since(startedAt));
            throw e;
        }
    }

    private Duration since(Instant start) {
        return Duration.between(start, clock.instant());
    }

    private static RtcException rejected(Duration wait) {
        return new RtcException(Kind.REJECTED, "no more calls may go out for " + wait.toMillis() + " ms", wait);
    }

    private static RtcException stopping() {
        return new RtcException(Kind.REJECTED, "the server is stopping");
    }
}
