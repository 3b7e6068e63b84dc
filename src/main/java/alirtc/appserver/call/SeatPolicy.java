package alirtc.appserver.call;

import java.time.Duration;

/**
 * How many users may sit in a channel, and for how long a seat is kept. Immutable.
 *
 * @param max the most seats in a channel; at least 1, or 0 where seats are not counted
 * @param ttl how long a seat waits for its user after a token; not negative
 * @param tokenTtl how long a token admits its user; not negative
 */
public record SeatPolicy(int max, Duration ttl, Duration tokenTtl) {

    /** Seats are not counted. */
    public static final SeatPolicy UNLIMITED = new SeatPolicy(0, Duration.ZERO, Duration.ZERO);

    /** A seat of whose user nothing at all was heard for so long is given up: the cloud may be away for good. */
    private static final Duration SILENCE = Duration.ofHours(12);

    /** Returns whether seats are counted. */
    public boolean isLimited() {
        return max > 0;
    }

    /** Returns how long a seat is kept after the latest sign of its user when no observation tells anything of it. */
    Duration lease() {
        return tokenTtl.compareTo(SILENCE) > 0 ? tokenTtl : SILENCE;
    }
}
