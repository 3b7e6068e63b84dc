package alirtc.appserver.upstream;

import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges from the outcome of requests whether the cloud may be asked at all. Thread-safe. */
public final class UpstreamCircuitBreaker {
    /** How long the breaker stays open before it tries again. */
    static final Duration OPEN_FOR = Duration.ofSeconds(5);

    /** How often it tries sooner for a deadline. */
    private static final Duration DEADLINE_TRIAL_INTERVAL = Duration.ofMillis(500);

    private static final int JUDGED_BY = 20;
    private static final int JUDGED_FROM = 10;
    private static final int TRIALS = 3;
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamCircuitBreaker.class);

    private final InstantSource clock;
    private final CircuitBreaker breaker;
    private volatile Instant openUntil;
    private final AtomicLong openings = new AtomicLong();
    private Instant lastTrialAt = Instant.MIN;

    /**
     * Starts with an upstream that is thought well.
     *
     * @param clock a clock that never steps
     */
    public UpstreamCircuitBreaker(InstantSource clock) {
        this.clock = clock;
        this.openUntil = clock.instant();
        this.breaker = CircuitBreaker.of(
                "upstream",
                CircuitBreakerConfig.custom()
                        .slidingWindow(JUDGED_BY, JUDGED_FROM, SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(50)
                        .slowCallRateThreshold(100)
                        .slowCallDurationThreshold(Duration.ofHours(1))
                        .waitDurationInOpenState(OPEN_FOR)
                        .permittedNumberOfCallsInHalfOpenState(TRIALS)
                        .clock(clock.withZone(ZoneOffset.UTC))
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            var to = event.getStateTransition().getToState();
            if (to == State.OPEN) {
                openUntil = clock.instant().plus(OPEN_FOR);
                openings.incrementAndGet();
            }
            // That it tries, and fails again, is no news.
            if (to == State.CLOSED || event.getStateTransition().getFromState() == State.CLOSED) {
                LOG.warn("The circuit breaker round the upstream is now {}", to);
            }
        });
    }

    /** Returns the circuit breaker's state in a word: {@code closed} while all is well, {@code open}, {@code half_open}. */
    public String state() {
        return breaker.getState().name().toLowerCase(Locale.ROOT);
    }

    /** Returns how often it has opened so far, trials that failed included. */
    public long openings() {
        return openings.get();
    }

    /** Lets the next request try whether the upstream is well again, for a deadline that is due; twice a second at most. */
    synchronized void tryForDeadline() {
        var now = clock.instant();
        if (breaker.getState() == State.OPEN && !lastTrialAt.isAfter(now.minus(DEADLINE_TRIAL_INTERVAL))) {
            lastTrialAt = now;
            breaker.transitionToHalfOpenState();
        }
    }

    /** Returns why the upstream must not be asked at all just now, if so. */
    Optional<RtcException> rejection() {
        var left = Duration.between(clock.instant(), openUntil);
        return breaker.getState() == State.OPEN && left.toNanos() > 0 ? Optional.of(rejected(left)) : Optional.empty();
    }

    /**
     * Enters a request, which must be followed by one of {@link #recordSuccess}, {@link #recordFailure}, {@link
     * #recordNothing}.
     *
     * @throws RtcException if the upstream must not be asked
     */
    void acquirePermission() throws RtcException {
        if (!breaker.tryAcquirePermission()) {
            throw rejected(Duration.ofSeconds(1));
        }
    }

    /** Records a good answer. */
    void recordSuccess(Duration took) {
        breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
        if (breaker.getState() == State.HALF_OPEN) {
            // One good answer is enough: who waits for deadlines has not the time to wait for more.
            breaker.transitionToClosedState();
        }
    }

    /**
     * Records that there was no good answer. A refusal is the word of a cloud that is well, and so is throttling. An answer
     * that makes no sense judges what was asked about: others get good ones at the same time.
     */
    void recordFailure(RtcException failure, Duration took) {
        switch (failure.kind()) {
            case UNAVAILABLE, TIMEOUT -> breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, failure);
            case REFUSED, APP_NOT_FOUND, CHANNEL_NOT_FOUND -> recordSuccess(took);
            case THROTTLED, MALFORMED, REJECTED, SPARED -> recordNothing();
        }
    }

    /** Records that a request tells nothing of the cloud. */
    void recordNothing() {
        breaker.releasePermission();
    }

    private static RtcException rejected(Duration left) {
        return new RtcException(Kind.SPARED, "the upstream keeps failing and is not asked just now", left);
    }
}
