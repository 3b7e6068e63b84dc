package alirtc.appserver.upstream;

import alirtc.appserver.time.ClockMeter;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;

/** How many requests may go out: never more in any second than the account allows. Thread-safe. */
public final class UpstreamRateLimiter {
    private final Bucket bucket;
    private final LongAdder taken = new LongAdder();
    private volatile Duration perRequest;
    private volatile double maxQps;

    /**
     * Builds a full budget.
     *
     * @param maxQps the most requests in any second; at least 1
     * @param clock a clock that never steps
     */
    public UpstreamRateLimiter(double maxQps, InstantSource clock) {
        bucket = Bucket.builder()
                .addLimit(bandwidth(maxQps))
                .withCustomTimePrecision(new ClockMeter(clock))
                .build();
        perRequest = perRequest(maxQps);
        this.maxQps = maxQps;
    }

    /**
     * Changes the budget from now on.
     *
     * @param maxQps the most requests in any second; at least 1
     */
    public void change(double maxQps) {
        var limit = BucketConfiguration.builder().addLimit(bandwidth(maxQps)).build();
        bucket.replaceConfiguration(limit, TokensInheritanceStrategy.AS_IS);
        perRequest = perRequest(maxQps);
        this.maxQps = maxQps;
    }

    /**
     * In a second a bucket lets through its capacity and what is refilled meanwhile. Some of the budget is left for requests
     * that take longer on their way than those behind them.
     */
    private static Bandwidth bandwidth(double maxQps) {
        return Bandwidth.builder()
                .capacity(burst(maxQps))
                .refillGreedy(1, perRequest(maxQps))
                .build();
    }

    private static int burst(double maxQps) {
        return 1 + (int) maxQps / 16;
    }

    private static Duration perRequest(double maxQps) {
        double refill = Math.max(maxQps / 2, maxQps - Math.max(1, Math.floor(maxQps / 8)));
        return Duration.ofNanos((long) (1e9 / refill));
    }

    /** Takes a permit for a request and returns zero, or returns how long it is until there may be one. */
    Duration tryTake() {
        var wait = Duration.ofNanos(bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill());
        if (wait.isZero()) {
            taken.increment();
        }
        return wait;
    }

    /** Returns how many permits have been taken so far. */
    long taken() {
        return taken.sum();
    }

    /** Returns what part of the permits of a time is left, 0 to 1, if so many of them were taken. */
    double shareLeft(long permits, Duration time) {
        double used = (double) perRequest.toNanos() * permits / time.toNanos();
        return Math.max(0, 1 - used);
    }

    /** Returns how long it is until there is a permit; zero if there is one. */
    Duration timeToPermit() {
        return Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
    }

    /** Returns how many requests could go out at once now. */
    public long available() {
        return bucket.getAvailableTokens();
    }

    /** Returns how many requests may go out in a second: this server's share of what the account allows. */
    public double maxQps() {
        return maxQps;
    }

    /** Returns how long it takes for a number of requests to go out. */
    Duration timeFor(int requests) {
        return perRequest.multipliedBy(requests);
    }
}
