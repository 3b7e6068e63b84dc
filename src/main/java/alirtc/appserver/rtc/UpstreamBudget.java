package alirtc.appserver.rtc;

import alirtc.appserver.time.ClockMeter;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.time.InstantSource;

/** How many calls may go out: never more in any second than the account allows. Thread-safe. */
public final class UpstreamBudget {
    private final Bucket bucket;
    private final Duration perCall;

    /**
     * Builds a full budget.
     *
     * @param maxQps the most calls in any second; at least 1
     * @param clock a clock that never steps
     */
    public UpstreamBudget(int maxQps, InstantSource clock) {
        // In a second a bucket lets through its capacity and what is refilled meanwhile. Some of the budget is left for
        // calls that take longer on their way than those behind them.
        int burst = 1 + maxQps / 16;
        int refill = maxQps - maxQps / 8;
        bucket = Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(burst)
                        .refillGreedy(refill, Duration.ofSeconds(1))
                        .build())
                .withCustomTimePrecision(new ClockMeter(clock))
                .build();
        perCall = Duration.ofSeconds(1).dividedBy(refill);
    }

    /** Takes a permit for a call and returns zero, or returns how long it is until there may be one. */
    Duration tryTake() {
        return Duration.ofNanos(bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill());
    }

    /** Returns how many calls could go out at once now. */
    public long available() {
        return bucket.getAvailableTokens();
    }

    /** Returns how long it takes for a number of calls to go out. */
    Duration timeFor(int calls) {
        return perCall.multipliedBy(calls);
    }
}
