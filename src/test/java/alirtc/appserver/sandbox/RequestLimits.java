package alirtc.appserver.sandbox;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How many requests a second the account may make for each action; without a limit at first. A second is one of the
 * sandbox's clock, from its start to its end: how the cloud counts is not known. Thread-safe.
 */
public final class RequestLimits {
    private static final int MAX = 1_000_000;

    private final InstantSource clock;
    private final Map<String, Integer> byAction = new TreeMap<>();
    private final Map<String, Integer> throttled = new TreeMap<>();
    private final Map<String, Integer> inThisSecond = new HashMap<>();
    private OptionalInt general = OptionalInt.empty();
    private Instant thisSecond = Instant.MIN;

    RequestLimits(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Limits every action that has no limit of its own, each for itself.
     *
     * @throws IllegalArgumentException if the limit is not 0 to 1,000,000
     */
    public synchronized void set(int perSecond) {
        general = OptionalInt.of(checked(perSecond));
    }

    /**
     * Limits one action, whatever the limit of the others.
     *
     * @throws IllegalArgumentException if the limit is not 0 to 1,000,000, or there is no such action
     */
    public synchronized void set(int perSecond, String action) {
        byAction.put(Dialect.checkedAction(action), checked(perSecond));
    }

    /** Ends all limits and forgets what they rejected. */
    public synchronized void clear() {
        general = OptionalInt.empty();
        byAction.clear();
        throttled.clear();
        inThisSecond.clear();
    }

    /** Returns a snapshot of how many requests were rejected by a limit, by action, since the start or reset. */
    public synchronized Map<String, Integer> throttled() {
        return new TreeMap<>(throttled);
    }

    synchronized OptionalInt general() {
        return general;
    }

    /** Returns a snapshot of the limits that hold for one action only. */
    synchronized Map<String, Integer> byAction() {
        return new TreeMap<>(byAction);
    }

    /** Counts a request for the action, and rejects it if its limit is reached in this second. */
    synchronized void check(String action) throws ApiError {
        var second = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (!second.equals(thisSecond)) {
            thisSecond = second;
            inThisSecond.clear();
        }
        var limit = byAction.containsKey(action) ? OptionalInt.of(byAction.get(action)) : general;
        if (limit.isPresent() && inThisSecond.getOrDefault(action, 0) >= limit.getAsInt()) {
            throttled.merge(action, 1, Integer::sum);
            throw ApiError.throttled();
        }
        inThisSecond.merge(action, 1, Integer::sum);
    }

    private static int checked(int perSecond) {
        if (perSecond < 0 || perSecond > MAX) {
            throw new IllegalArgumentException("perSecond must be 0 to " + MAX);
        }
        return perSecond;
    }
}
