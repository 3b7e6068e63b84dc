package alirtc.appserver.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether Redis answers, and takes what is written: one that is away is not waited for each time. Thread-safe. */
final class RedisCircuitBreaker {
    /** Slower than this is as bad as away: the phones behind it wait. */
    private static final Duration SLOW = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(RedisCircuitBreaker.class);

    private final String address;
    private final CircuitBreaker breaker;
    private final AtomicBoolean reachable = new AtomicBoolean(true);
    private final AtomicBoolean full = new AtomicBoolean();

    /** Builds the health of a server that is taken to be well. */
    RedisCircuitBreaker(String address) {
        this.address = address;
        this.breaker = CircuitBreaker.of(
                "redis",
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(10)
                        .minimumNumberOfCalls(4)
                        .failureRateThreshold(50)
                        .slowCallDurationThreshold(SLOW)
                        .slowCallRateThreshold(50)
                        .waitDurationInOpenState(Duration.ofSeconds(1))
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .writableStackTraceEnabled(false)
                        .build());
    }

    boolean isReachable() {
        return reachable.get();
    }

    /** Returns whether a command may be sent; whoever was allowed to has to tell what came of it. */
    boolean allows() {
        return breaker.tryAcquirePermission();
    }

    void answered(long nanos) {
        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
        if (breaker.getState() == State.CLOSED && reachable.compareAndSet(false, true)) {
            LOG.info("Redis at {} answers again", address);
        }
    }

    void failed(long nanos, RedisException failure) {
        breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
        if (breaker.getState() != State.CLOSED && reachable.compareAndSet(true, false)) {
            LOG.warn("Redis at {} cannot be asked: {}", address, failure.getMessage());
        }
    }

    /** Records whether the server has room for what is written. */
    void full(boolean isFull) {
        if (full.compareAndSet(!isFull, isFull)) {
            if (isFull) {
                LOG.warn("Redis at {} is full and takes nothing new; raise its maxmemory", address);
            } else {
                LOG.info("Redis at {} has room again", address);
            }
        }
    }
}
