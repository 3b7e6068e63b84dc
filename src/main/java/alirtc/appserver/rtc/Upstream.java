package alirtc.appserver.rtc;

import alirtc.appserver.rtc.RtcException.Kind;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
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

    /** A call whose turn has not come, or which is under way. */
    private static final class Waiting<T> {
        private final Call<T> call;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private boolean sent;

        Waiting(Call<T> call) {
            this.call = call;
        }

        boolean isOver() {
            return sent || answer.isDone();
        }
    }

    /**
     * A call that was asked for.
     *
     * @param answer its answer, or an {@link RtcException}, within {@link #LONGEST_WAIT}
     * @param hurry moves it forward, if it still waits, for somebody to whom it is more urgent
     * @param <T> the answer
     */
    public record Asked<T>(CompletableFuture<T> answer, Consumer<Urgency> hurry) {}

    private final int workers;
    private final Duration perCall;
    private final Bucket budget;
    private final UpstreamHealth health;
    private final InstantSource clock;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private final Map<Urgency, Queue<Waiting<?>>> queues = new EnumMap<>(Urgency.class);
    private final Set<Waiting<?>> underWay = ConcurrentHashMap.newKeySet();
    private boolean comingBack;
    private boolean closed;

    /**
     * Builds the gate.
     *
     * @param maxQps the most calls in any second; at least 1
     * @param workers the most calls at a time; at least 1
     * @param clock a clock that never steps
     * @param executor runs the calls; must take as many at a time as there are workers; not closed here
     * @param scheduler ends waiting; not closed here
     */
    public Upstream(
            int maxQps,
            int workers,
            UpstreamHealth health,
            InstantSource clock,
            Executor executor,
            ScheduledExecutorService scheduler) {
        // In a second a bucket lets through its capacity and what is refilled meanwhile, less one: that is the budget.
        int burst = 1 + maxQps / 8;
        int refill = maxQps - burst + 1;
        this.budget = Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(burst)
                        .refillGreedy(refill, Duration.ofSeconds(1))
                        .build())
                .withCustomTimePrecision(meter(clock))
                .build();
        this.perCall = Duration.ofSeconds(1).dividedBy(refill);
        this.workers = workers;
        this.health = health;
        this.clock = clock;
        this.executor = executor;
        this.scheduler = scheduler;
        for (var urgency : Urgency.values()) {
            queues.put(urgency, new ArrayDeque<>());
        }
    }

    /** Has a call made when its turn comes. */
    public <T> Asked<T> ask(Urgency urgency, Call<T> call) {
        var waiting = new Waiting<>(call);
        var answer = waiting.answer;
        var refusal = health.refusal();
        if (refusal.isPresent()) {
            answer.completeExceptionally(refusal.get());
            return new Asked<>(answer, more -> {});
        }
        synchronized (this) {
            var wait = expectedWait(urgency);
            if (closed) {
                answer.completeExceptionally(stopping());
                return new Asked<>(answer, more -> {});
            }
            if (wait.compareTo(urgency.patience()) > 0) {
                answer.completeExceptionally(
                        new RtcException(Kind.NOT_ASKED, "more calls wait for the upstream than it takes", wait));
                return new Asked<>(answer, more -> {});
            }
            queue(urgency).add(waiting);
        }
        var timer = scheduler.schedule(
                () -> answer.completeExceptionally(
                        new RtcException(Kind.TIMEOUT, "no answer within " + LONGEST_WAIT.toMillis() + " ms")),
                LONGEST_WAIT.toMillis(),
                TimeUnit.MILLISECONDS);
        var unused = answer.whenComplete((value, failure) -> timer.cancel(false));
        sendWhatMay();
        return new Asked<>(answer, more -> hurry(waiting, more));
    }

    /** Turns away those who wait for their turn and whoever comes; calls under way go on. */
    public void refuse() {
        List<Waiting<?>> left;
        synchronized (this) {
            closed = true;
            left = queues.values().stream().flatMap(Queue::stream).toList();
            queues.values().forEach(Queue::clear);
        }
        left.forEach(waiting -> waiting.answer.completeExceptionally(stopping()));
    }

    /** Turns away those whose calls are under way, too. */
    @Override
    public void close() {
        refuse();
        underWay.forEach(waiting -> waiting.answer.completeExceptionally(stopping()));
    }

    private static RtcException stopping() {
        return new RtcException(Kind.NOT_ASKED, "the server is stopping");
    }

    private synchronized void hurry(Waiting<?> waiting, Urgency urgency) {
        // It stays in its old queue too, and is passed over there once it is sent.
        if (!waiting.isOver() && !queue(urgency).contains(waiting)) {
            queue(urgency).add(waiting);
        }
    }

    private Duration expectedWait(Urgency urgency) {
        int ahead = 0;
        for (var other : Urgency.values()) {
            if (other.compareTo(urgency) <= 0) {
                ahead += queue(other).size();
            }
        }
        return health.pause().plus(perCall.multipliedBy(ahead));
    }

    private synchronized void sendWhatMay() {
        while (underWay.size() < workers) {
            var urgency = mostUrgent();
            if (urgency.isEmpty()) {
                return;
            }
            var wait = waitForPermit();
            if (!wait.isZero()) {
                comeBackAfter(wait);
                return;
            }
            var next = queue(urgency.get()).remove();
            next.sent = true;
            underWay.add(next);
            executor.execute(() -> run(next));
        }
    }

    /** Drops those at the head of their queues that gave up or were sent, and returns the most urgent queue with any left. */
    private Optional<Urgency> mostUrgent() {
        for (var urgency : Urgency.values()) {
            var queue = queue(urgency);
            for (var head = queue.peek(); head != null; head = queue.peek()) {
                if (!head.isOver()) {
                    return Optional.of(urgency);
                }
                queue.remove();
            }
        }
        return Optional.empty();
    }

    /** Takes a permit for a call and returns zero, or returns how long it is until there may be one. */
    private Duration waitForPermit() {
        var pause = health.pause();
        return pause.isZero()
                ? Duration.ofNanos(budget.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill())
                : pause;
    }

    private void comeBackAfter(Duration wait) {
        if (!comingBack) {
            comingBack = true;
            var unused = scheduler.schedule(
                    () -> {
                        synchronized (this) {
                            comingBack = false;
                        }
                        sendWhatMay();
                    },
                    wait.toNanos(),
                    TimeUnit.NANOSECONDS);
        }
    }

    private <T> void run(Waiting<T> waiting) {
        try {
            waiting.answer.complete(send(waiting.call));
        } catch (RtcException e) {
            waiting.answer.completeExceptionally(e);
        } catch (RuntimeException e) {
            LOG.error("A call to the upstream failed by a defect of ours", e);
            waiting.answer.completeExceptionally(e);
        } finally {
            underWay.remove(waiting);
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

    private Queue<Waiting<?>> queue(Urgency urgency) {
        return queues.computeIfAbsent(urgency, key -> new ArrayDeque<>());
    }

    private static TimeMeter meter(InstantSource clock) {
        return new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return Duration.between(Instant.EPOCH, clock.instant()).toNanos();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
    }
}
