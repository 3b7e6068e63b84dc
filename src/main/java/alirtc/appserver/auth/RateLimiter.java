package alirtc.appserver.auth;

import alirtc.appserver.time.ClockMeter;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Limits the requests of each caller by a token bucket, which holds a minute's requests and refills over a minute.
 * Thread-safe. Keeps at most {@value #MAX_CALLERS} buckets; a caller whose bucket is evicted starts with a full one.
 */
final class RateLimiter {
    static final int MAX_CALLERS = 50_000;

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Bandwidth bandwidth;
    private final ClockMeter meter;
    private final Cache<String, Bucket> buckets;

    /**
     * Builds a limiter whose buckets are full.
     *
     * @param perMinute requests per caller and minute; at least 1
     * @param clock a clock that never steps
     */
    RateLimiter(int perMinute, InstantSource clock) {
        this.bandwidth = Bandwidth.builder()
                .capacity(perMinute)
                .refillGreedy(perMinute, PERIOD)
                .build();
        this.meter = new ClockMeter(clock);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_CALLERS)
                // A bucket that was not used for so long is full, as a new one is.
                .expireAfterAccess(PERIOD)
                .executor(Runnable::run)
                .ticker(meter::currentTimeNanos)
                .build();
    }

    /**
     * Takes one request out of a caller's bucket.
     *
     * @throws AccessException if the bucket is empty
     */
    void take(String caller) {
        var taken = buckets.get(caller, name -> newBucket()).tryConsumeAndReturnRemaining(1);
        if (!taken.isConsumed()) {
            throw rateLimited(taken.getNanosToWaitForRefill());
        }
    }

    /** Takes one request out of a caller's bucket, unless the bucket is empty. */
    void count(String caller) {
        buckets.get(caller, name -> newBucket()).tryConsume(1);
    }

    /**
     * Requires that a caller's bucket is not empty, and takes nothing.
     *
     * @throws AccessException if it is empty
     */
    void requireLeft(String caller) {
        var bucket = buckets.getIfPresent(caller);
        if (bucket != null) {
            var left = bucket.estimateAbilityToConsume(1);
            if (!left.canBeConsumed()) {
                throw rateLimited(left.getNanosToWaitForRefill());
            }
        }
    }

    /** Returns the number of buckets. */
    long size() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(bandwidth)
                .withCustomTimePrecision(meter)
                .build();
    }

    private static AccessException rateLimited(long nanosToWait) {
        return new AccessException(
                AccessException.Kind.RATE_LIMITED,
                "Too many requests; try again after the time in Retry-After",
                Duration.ofNanos(nanosToWait));
    }
}
