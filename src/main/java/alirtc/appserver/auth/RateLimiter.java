package alirtc.appserver.auth;

import alirtc.appserver.time.ClockMeter;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How often each caller may ask: so many times at once, and as many again over each minute. Thread-safe. It remembers
 * no more than {@value #MAX_CALLERS} callers; one that is forgotten for others starts anew.
 */
final class RateLimiter {
    static final int MAX_CALLERS = 50_000;

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Bandwidth bandwidth;
    private final ClockMeter meter;
    private final Cache<String, Bucket> buckets;

    /**
     * Builds a limit that nobody has used yet.
     *
     * @param perMinute how many times; at least 1
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
                // After so long without use a bucket is full, as a new one is.
                .expireAfterAccess(PERIOD)
                .executor(Runnable::run)
                .ticker(meter::currentTimeNanos)
                .build();
    }

    /**
     * Counts one time for a caller.
     *
     * @throws AccessException if that is too often
     */
    void take(String caller) {
        var taken = buckets.get(caller, name -> newBucket()).tryConsumeAndReturnRemaining(1);
        if (!taken.isConsumed()) {
            throw rateLimited(taken.getNanosToWaitForRefill());
        }
    }

    /** Counts one time for a caller, even if that is too often. */
    void count(String caller) {
        var unused = buckets.get(caller, name -> newBucket()).tryConsume(1);
    }

    /**
     * Makes sure that the caller could be counted once more.
     *
     * @throws AccessException if not
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

    /** Returns how many callers are remembered. */
    long remembered() {
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
