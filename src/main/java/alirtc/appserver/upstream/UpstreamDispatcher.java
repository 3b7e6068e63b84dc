package alirtc.appserver.upstream;

import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a request to the cloud goes out: in any second never more for an action than its budget, never more at a
 * time than there are workers, by priority, and none while the cloud has to be spared. A phone's request that cannot go
 * out in time fails at once where that can be foreseen; others wait. Thread-safe; never blocks its callers.
 *
 * <p>Deadlines have workers of their own: however many requests hang, some are left for them.
 *
 * <p>It starts slowly: one request at first, and with every one that ends twice as many at a time. The first requests
 * load the SDK's classes; many that waited for that would go out together, above the budget.
 */
public final class UpstreamDispatcher implements AutoCloseable {
    /** The longest that a phone waits for an answer, its turn included; below the 6 s that it is promised. */
    public static final Duration MAX_WAIT = Duration.ofMillis(5500);

    /**
     * If so many requests wait for an action, no other joins them that nobody waits for: by its turn, a minute later,
     * nobody would want it any more. Those that somebody waits for are bounded by their wait, deadlines by the calls.
     */
    static final int MAX_WAITING = 4_096;

    private static final Duration NOTICEABLE = Duration.ofMillis(500);

    /** Of so many workers, one is left for deadlines. */
    private static final int DEADLINE_SHARE = 8;

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamDispatcher.class);

    /**
     * A request to the cloud.
     *
     * @param <T> the answer
     */
    public interface Request<T> {
        /**
         * Sends the request and waits for its answer.
         *
         * @throws RtcException if there is no good answer
         */
        T send() throws RtcException;
    }

    /**
     * A request that was submitted.
     *
     * @param answer its answer, or an {@link RtcException}
     * @param raise moves it forward, if it still waits, for somebody to whom it is more urgent; returns why that cannot
     *     have its answer in time, if so
     * @param <T> the answer
     */
    public record Submitted<T>(CompletableFuture<T> answer, Function<Priority, Optional<RtcException>> raise) {}

    /**
     * The requests for one action.
     *
     * @param queue those that wait; guarded by the lock
     */
    private record Lane(UpstreamRateLimiter limiter, ThrottleBackoff throttle, RequestQueue queue) {
        /** Returns how long it is until a request may go out; zero if one may. */
        Duration timeToPermit() {
            var paused = throttle.remaining();
            return paused.isZero() ? limiter.timeToPermit() : paused;
        }

        /** Returns for how long a request waits for its turn behind those that go before it. */
        Duration expectedWait(Priority priority) {
            return throttle.remaining().plus(limiter.timeFor(queue.ahead(priority)));
        }
    }

    private final Map<Action, Lane> lanes = new EnumMap<>(Action.class);
    private final int workers;
    private final UpstreamCircuitBreaker breaker;
    private final InstantSource clock;
    private final Executor executor;
    private final Timers timers;
    private final Metrics metrics;

    private final LongAdder throttlings = new LongAdder();
    private final Object lock = new Object();
    private final Set<QueuedRequest<?>> inFlight = ConcurrentHashMap.newKeySet();
    private int allowed = 1;
    private Optional<Instant> nextDispatchAt = Optional.empty();
    private boolean closed;

    /**
     * Builds the gate.
     *
     * @param limiters one for each action
     * @param workers the most requests at a time; at least 1
     * @param clock a clock that never steps
     * @param executor sends the requests; must take as many at a time as there are workers; not closed here
     * @param metrics count the requests that cannot be sent
     */
    public UpstreamDispatcher(
            Map<Action, UpstreamRateLimiter> limiters,
            int workers,
            UpstreamCircuitBreaker breaker,
            InstantSource clock,
            Executor executor,
            Timers timers,
            Metrics metrics) {
        limiters.forEach((action, limiter) ->
                lanes.put(action, new Lane(limiter, new ThrottleBackoff(action, clock), new RequestQueue())));
        this.workers = workers;
        this.breaker = breaker;
        this.clock = clock;
        this.executor = executor;
        this.timers = timers;
        this.metrics = metrics;
        var users = lane(Action.CHANNEL_USERS).limiter();
        metrics.gauge("alirtc_upstream_permits", "Lookups of channels that could go out at once", users::available);
        metrics.gauge(
                "alirtc_upstream_permits_per_second",
                "Requests for each action of the OpenAPI that may go out in a second",
                users::maxQps);
        metrics.gauge("alirtc_upstream_requests_in_flight", "Requests to the OpenAPI in flight", this::inFlight);
        metrics.gauge(
                "alirtc_upstream_breaker_open",
                "1 while the circuit breaker keeps requests from the OpenAPI, else 0",
                () -> "open".equals(breaker.state()) ? 1 : 0);
    }

    private Lane lane(Action action) {
        var lane = lanes.get(action);
        if (lane == null) {
            throw new IllegalStateException("Every action has a lane");
        }
        return lane;
    }

    /** Has a request sent when its turn comes. */
    public <T> Submitted<T> submit(Action action, Priority priority, Request<T> request) {
        var lane = lane(action);
        var queued = new QueuedRequest<>(request, lane.throttle(), priority);
        var rejection = enqueue(lane, queued);
        if (rejection.isPresent()) {
            metrics.upstreamRejected();
            queued.answer().completeExceptionally(rejection.get());
        } else {
            dispatch();
        }
        return new Submitted<>(queued.answer(), higher -> raise(lane, queued, higher));
    }

    private Optional<RtcException> raise(Lane lane, QueuedRequest<?> request, Priority priority) {
        synchronized (lock) {
            if (request.isOver() || request.priority().compareTo(priority) <= 0) {
                return Optional.empty();
            }
            var late = lateness(lane, priority);
            if (late.isEmpty()) {
                lane.queue().raise(request, priority);
            }
            return late;
        }
    }

    /** Returns why a request at a priority would be answered too late, if so. */
    private static Optional<RtcException> lateness(Lane lane, Priority priority) {
        var wait = lane.expectedWait(priority);
        return priority == Priority.INTERACTIVE && wait.compareTo(Priority.MAX_WAIT) > 0
                ? Optional.of(rejected(wait))
                : Optional.empty();
    }

    /** Returns how many requests are in flight. */
    public int inFlight() {
        return inFlight.size();
    }

    /** Returns how many requests for an action have gone out so far. */
    public long sent(Action action) {
        return lane(action).limiter().taken();
    }

    /** Returns how often the cloud has throttled requests so far. */
    public long throttlings() {
        return throttlings.sum();
    }

    /** Returns what part of an action's budget for a time is left, 0 to 1, if so many requests went out in it. */
    public double budgetLeft(Action action, long requests, Duration time) {
        return lane(action).limiter().shareLeft(requests, time);
    }

    /** Returns whether one more request for an action would have to wait, so that answers have to be shared. */
    public boolean isTight(Action action) {
        synchronized (lock) {
            var lane = lane(action);
            return !lane.queue().isEmpty() || !lane.timeToPermit().isZero();
        }
    }

    /** Returns whether even a phone's request for an action would have to wait for a noticeable time. */
    public boolean isCongested(Action action) {
        synchronized (lock) {
            return lane(action).expectedWait(Priority.INTERACTIVE).compareTo(NOTICEABLE) > 0;
        }
    }

    /** Rejects the requests that wait and whatever is submitted; requests in flight go on. */
    public void stopAccepting() {
        List<QueuedRequest<?>> left;
        synchronized (lock) {
            closed = true;
            left = takeAll();
        }
        left.forEach(request -> request.answer().completeExceptionally(stopping()));
    }

    /** Fails the requests in flight, too. */
    @Override
    public void close() {
        stopAccepting();
        inFlight.forEach(request -> request.answer().completeExceptionally(stopping()));
    }

    private List<QueuedRequest<?>> takeAll() {
        var all = new ArrayList<QueuedRequest<?>>();
        lanes.values().forEach(lane -> all.addAll(lane.queue().takeAll()));
        return all;
    }

    /** Adds a request to its queue, or returns why there is no use in that. */
    private Optional<RtcException> enqueue(Lane lane, QueuedRequest<?> request) {
        if (request.priority() == Priority.DEADLINE) {
            breaker.tryForDeadline();
        }
        var rejection = breaker.rejection();
        if (rejection.isPresent()) {
            return rejection;
        }
        synchronized (lock) {
            if (closed) {
                return Optional.of(stopping());
            }
            var late = lateness(lane, request.priority());
            if (late.isPresent()) {
                return late;
            }
            boolean background = request.priority().compareTo(Priority.INTERACTIVE) > 0;
            if (background && lane.queue().ahead(Priority.KEEP_ENDED) >= MAX_WAITING) {
                return Optional.of(rejected(lane.expectedWait(Priority.KEEP_ENDED)));
            }
            lane.queue().add(request);
            return Optional.empty();
        }
    }

    /** Sends requests for as long as any may go out; rejects all while the cloud has to be spared. */
    private void dispatch() {
        var rejection = breaker.rejection();
        var unsent = new ArrayList<QueuedRequest<?>>();
        synchronized (lock) {
            if (rejection.isPresent()) {
                unsent.addAll(takeAll());
            }
            while (inFlight.size() < allowed) {
                var next = takeNext();
                if (next.isEmpty()) {
                    break;
                }
                send(next.get()).ifPresent(unsent::add);
            }
        }
        for (var request : unsent) {
            metrics.upstreamRejected();
            request.answer().completeExceptionally(rejection.orElseGet(UpstreamDispatcher::noWorker));
        }
    }

    /** Takes out the request that goes next, of whatever action has a permit; has this repeated when none has one yet. */
    private Optional<QueuedRequest<?>> takeNext() {
        var lowest = lowestAllowed();
        Optional<Duration> soonest = Optional.empty();
        Optional<Lane> best = Optional.empty();
        Optional<Priority> highest = Optional.empty();
        for (var lane : lanes.values()) {
            var priority = lane.queue().next(lowest);
            if (priority.isEmpty()) {
                continue;
            }
            var wait = lane.timeToPermit();
            if (!wait.isZero()) {
                soonest = soonest.filter(other -> other.compareTo(wait) <= 0).or(() -> Optional.of(wait));
            } else if (highest.isEmpty() || priority.get().compareTo(highest.get()) < 0) {
                highest = priority;
                best = Optional.of(lane);
            }
        }
        if (best.isPresent() && highest.isPresent()) {
            var wait = best.get().limiter().tryTake();
            if (wait.isZero()) {
                return Optional.of(best.get().queue().take(highest.get()));
            }
            soonest = Optional.of(wait);
        }
        soonest.ifPresent(this::dispatchAfter);
        return Optional.empty();
    }

    /** Returns the lowest priority that may go out with the workers that are free. */
    private Priority lowestAllowed() {
        int reserve = workers / DEADLINE_SHARE;
        if (inFlight.size() >= workers - reserve && reserve > 0) {
            return Priority.DEADLINE;
        }
        return inFlight.size() >= workers / 2 && reserve > 0 ? Priority.CHECK : Priority.KEEP_ENDED;
    }

    private void dispatchAfter(Duration wait) {
        var at = clock.instant().plus(wait);
        if (nextDispatchAt.filter(earlier -> !earlier.isAfter(at)).isEmpty()) {
            nextDispatchAt = Optional.of(at);
            timers.after(wait, () -> {
                synchronized (lock) {
                    nextDispatchAt = nextDispatchAt.filter(planned -> planned.isAfter(at));
                }
                dispatch();
            });
        }
    }

    /** Hands a request to a worker; returns it if there is none. */
    private Optional<QueuedRequest<?>> send(QueuedRequest<?> request) {
        inFlight.add(request);
        try {
            executor.execute(() -> run(request));
            return Optional.empty();
        } catch (RejectedExecutionException | Error e) {
            // An error is the system's that gives no thread.
            inFlight.remove(request);
            return Optional.of(request);
        }
    }

    private <T> void run(QueuedRequest<T> queued) {
        try {
            queued.answer().complete(exchange(queued));
        } catch (RtcException e) {
            queued.answer().completeExceptionally(e);
        } catch (RuntimeException | Error e) {
            // First whoever waits: an error may come again in writing the line.
            queued.answer().completeExceptionally(e);
            LOG.error("A request to the cloud failed by a defect of ours", e);
        } finally {
            synchronized (lock) {
                inFlight.remove(queued);
                allowed = Math.min(workers, 2 * allowed);
            }
            dispatch();
        }
    }

    private <T> T exchange(QueuedRequest<T> queued) throws RtcException {
        breaker.acquirePermission();
        var startedAt = clock.instant();
        try {
            var answer = queued.request().send();
            breaker.recordSuccess(since(startedAt));
            queued.throttle().recordSuccess();
            return answer;
        } catch (RtcException e) {
            breaker.recordFailure(e, since(startedAt));
            if (e.kind() == Kind.THROTTLED) {
                queued.throttle().recordThrottling();
                throttlings.increment();
            }
            throw e;
        } catch (RuntimeException | Error e) {
            breaker.recordNothing();
            throw e;
        }
    }

    private Duration since(Instant start) {
        return Duration.between(start, clock.instant());
    }

    private static RtcException rejected(Duration wait) {
        return new RtcException(Kind.REJECTED, "no more requests may go out for " + wait.toMillis() + " ms", wait);
    }

    private static RtcException stopping() {
        return new RtcException(Kind.REJECTED, "the server is stopping");
    }

    private static RtcException noWorker() {
        return new RtcException(Kind.REJECTED, "no worker is free");
    }
}
