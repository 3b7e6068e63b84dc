package alirtc.appserver.bench;

import alirtc.appserver.bench.PopulationFindings.Count;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For how long the server believes calls of one channel live after their phones left. Its log tells when it takes a call
 * for over; which one that was is told by the reason it gives. Not thread-safe.
 */
final class PopulationBelief {
    /** Whoever has been in a channel for longer than a lookup is under way is to be seen by it. */
    private static final Duration LOOKUP = Duration.ofSeconds(6);

    private final PopulationFindings findings;
    /** When the latest call was left that was not heard to be taken for over, and the one before it. */
    private @Nullable Instant leftAt;

    private @Nullable Instant leftBefore;
    private Optional<Instant> startWhenLeft = Optional.empty();

    PopulationBelief(PopulationFindings findings) {
        this.findings = findings;
    }

    /** Learns that the last phone left the channel: the call is over, unless somebody joins by a token from before. */
    void left(Instant at, Optional<Instant> latestStart) {
        leftAt = at;
        startWhenLeft = latestStart;
    }

    /** Learns that the channel was deleted with people in it; how late that is, is counted elsewhere. */
    void deleted() {
        leftAt = null;
    }

    /** Learns that somebody joined the empty channel. */
    void joined(Optional<Instant> latestStart) {
        if (leftAt != null && !latestStart.equals(startWhenLeft)) {
            merged();
            leftBefore = leftAt;
        }
        leftAt = null;
    }

    /**
     * Learns that the server took a call for over.
     *
     * @param occupiedSince since when somebody is in the channel, if so
     */
    void ended(Instant at, String reason, Optional<Instant> occupiedSince) {
        if (leftBefore != null && reason.equals("superseded")) {
            findings.believed(leftBefore, Duration.between(leftBefore, at));
            leftBefore = null;
        } else if (leftAt != null && !at.isBefore(leftAt.truncatedTo(ChronoUnit.MILLIS))) {
            findings.believed(leftAt, Duration.between(leftAt, at));
            leftAt = null;
            merged();
        } else if (reason.equals("left")) {
            endedWhileNext(at, occupiedSince);
        } else {
            merged();
        }
    }

    private void endedWhileNext(Instant at, Optional<Instant> occupiedSince) {
        if (occupiedSince.filter(since -> since.plus(LOOKUP).isBefore(at)).isPresent()) {
            findings.count(Count.ENDED_WHILE_LIVE, at);
            merged();
        } else if (leftBefore != null) {
            findings.believed(leftBefore, Duration.between(leftBefore, at));
            leftBefore = null;
        }
    }

    /** Counts a call that the log never told from the next one, though phones may have been told the right start. */
    private void merged() {
        if (leftBefore != null) {
            findings.count(Count.MERGED, leftBefore);
            leftBefore = null;
        }
    }

    /** Counts what is believed at the end of a run. */
    void finish(Instant now) {
        merged();
        if (leftAt != null) {
            findings.count(Count.STILL_BELIEVED, leftAt);
            findings.believed(leftAt, Duration.between(leftAt, now));
        }
    }
}
