package alirtc.appserver.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What a run found out. What breaks the invariant counts whenever it happens; all else only if it belongs to the time
 * that is measured. Thread-safe.
 */
final class PopulationFindings {
    static final Duration MISSED = Duration.ofSeconds(5);
    static final Duration MISSED_FAR = Duration.ofSeconds(20);

    /** Things that are counted. */
    enum Count {
        /** Calls that began. */
        BEGUN,
        /** Live calls that were cut before their limit. */
        CUT_EARLY,
        /** Starts told that lie before the earliest right one. */
        TOLD_EARLY,
        /** Of the two before, those whose token came before the first join, and the server's prompt question after it. */
        DISPUTED,
        /** Starts told that lie a second or more after the latest right one. */
        TOLD_LATE,
        /** Starts that were told. */
        TOLD,
        /** Calls in which somebody was at their limit. */
        DUE,
        /** Limits that were missed by more than {@link #MISSED}. */
        MISSED,
        /** Limits that were missed by more than {@link #MISSED_FAR}. */
        MISSED_FAR,
        /** Live calls that were cut by a deletion that the cloud had been asked for before they began. */
        CUT_BY_OLD_DELETION,
        /** Calls that the server took for over while people had been in them for some time. */
        ENDED_WHILE_LIVE,
        /** Calls that the server took for one with the next in their channel. */
        MERGED,
        /** Calls that were over, and believed live, when the run ended. */
        STILL_BELIEVED
    }

    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private final Histogram deletedLate = new Histogram(TimeUnit.HOURS.toMillis(1), 3);
    private final Histogram believedLong = new Histogram(TimeUnit.HOURS.toMillis(1), 3);
    private Duration worstCut = Duration.ZERO;
    private Duration worstTold = Duration.ZERO;
    private Instant from = Instant.MAX;
    private Instant until = Instant.MAX;

    /** Begins to measure. */
    synchronized void measureFrom(Instant now) {
        from = now;
    }

    /** Ends the measurement of what happens from now on. */
    synchronized void measureUntil(Instant now) {
        until = now;
    }

    /** Returns whether a time is measured. */
    synchronized boolean measures(Instant at) {
        return !at.isBefore(from) && at.isBefore(until);
    }

    /** Counts something that happened at a time. */
    synchronized void count(Count what, Instant at) {
        if (measures(at)) {
            counts.merge(what, 1L, Long::sum);
        }
    }

    /**
     * Counts a live call that was cut so long before its limit.
     *
     * @param disputed whether the server's own question, soon after its token, found somebody
     */
    synchronized void cut(Duration early, boolean disputed) {
        counts.merge(Count.CUT_EARLY, 1L, Long::sum);
        countDisputed(disputed);
        worstCut = worstCut.compareTo(early) < 0 ? early : worstCut;
    }

    /**
     * Counts a start that was told and is so much too early.
     *
     * @param disputed whether the server's own question, soon after the token, found somebody
     */
    synchronized void toldEarly(Duration early, boolean disputed) {
        counts.merge(Count.TOLD_EARLY, 1L, Long::sum);
        countDisputed(disputed);
        worstTold = worstTold.compareTo(early) < 0 ? early : worstTold;
    }

    private void countDisputed(boolean disputed) {
        if (disputed) {
            counts.merge(Count.DISPUTED, 1L, Long::sum);
        }
    }

    /** Adds a call in which somebody was at its limit, until so much later; returns whether that is missed. */
    synchronized boolean due(Instant deadline, Duration late, boolean deleted) {
        count(Count.DUE, deadline);
        if (late.compareTo(MISSED) > 0) {
            count(Count.MISSED, deadline);
        }
        if (late.compareTo(MISSED_FAR) > 0) {
            count(Count.MISSED_FAR, deadline);
        }
        if (deleted && measures(deadline)) {
            deletedLate.recordValue(late.toMillis());
        }
        return measures(deadline) && late.compareTo(MISSED) > 0;
    }

    /** Adds a call that its last phone left, and that the server believed live so long. */
    synchronized void believed(Instant leftAt, Duration tooLong) {
        if (measures(leftAt)) {
            believedLong.recordValue(Math.max(0, tooLong.toMillis()));
        }
    }

    synchronized long of(Count what) {
        return counts.getOrDefault(what, 0L);
    }

    synchronized Duration worstCut() {
        return worstCut;
    }

    synchronized Duration worstTold() {
        return worstTold;
    }

    /** Returns within how many seconds after their limit so many percent of the calls were deleted. */
    synchronized double deletedLate(double percent) {
        return deletedLate.getValueAtPercentile(percent) / 1e3;
    }

    /** Returns within how many seconds after their end so many percent of the calls were no longer believed live. */
    synchronized double believedLong(double percent) {
        return believedLong.getValueAtPercentile(percent) / 1e3;
    }
}
