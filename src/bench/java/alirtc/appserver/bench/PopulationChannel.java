package alirtc.appserver.bench;

import alirtc.appserver.bench.PopulationFindings.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The truth about one channel: the rules of the contract, applied to what phones sent and who was in the channel at the
 * cloud. A token counts at some moment between its request and its answer, so the right start is known within bounds:
 * the earliest is when the last token was requested that the channel was empty for all the while; the latest is when the
 * last token was answered that it was empty for at any moment. Not thread-safe.
 */
final class PopulationChannel {
    /** A request to delete that hangs is carried out this long after it arrived, at most. */
    private static final Duration LONGEST_HANG = PopulationFaults.ILL.plusSeconds(2);

    private final PopulationFindings findings;
    private final Optional<Duration> limit;
    private final Duration clockError;
    private final PopulationBelief belief;
    private final PopulationQuestions questions;
    private final PopulationHistory history = new PopulationHistory();
    private final Set<String> present = new HashSet<>();
    private final Deque<Instant> hangingDeletions = new ArrayDeque<>();
    private long joins;
    private long emptyings;
    private Instant occupiedSince = Instant.MIN;
    private Instant deletedAt = Instant.MIN;
    private @Nullable Instant earliestStart;
    private @Nullable Instant latestStart;
    /** Whether it was seen what became of the call at its limit. */
    private boolean judged;

    /**
     * Begins with an empty channel.
     *
     * @param clockError by how much the server's clock may be behind
     */
    PopulationChannel(PopulationFindings findings, Optional<Duration> limit, Duration clockError) {
        this.clockError = clockError;
        this.questions = new PopulationQuestions(clockError);
        this.findings = findings;
        this.limit = limit;
        this.belief = new PopulationBelief(findings);
    }

    /** The channel as it was when a token was requested. */
    record Token(Instant sentAt, boolean wasEmpty, long joins, long emptyings) {}

    PopulationHistory history() {
        return history;
    }

    PopulationQuestions questions() {
        return questions;
    }

    /** Returns what has to be known of a token that is requested after this. */
    Token token(Instant now) {
        var sentAt = now.minus(clockError);
        questions.tokenSent(sentAt);
        return new Token(sentAt, present.isEmpty(), joins, emptyings);
    }

    /** Learns that the request for a token was answered, well or not. */
    void answered(Token token, Instant at, boolean good) {
        questions.answered();
        if (good && token.wasEmpty && joins == token.joins) {
            earliestStart = later(earliestStart, token.sentAt);
        }
        if (token.wasEmpty || present.isEmpty() || emptyings != token.emptyings) {
            latestStart = later(latestStart, at);
            judged = false;
        }
    }

    /** Returns the earliest start that may be right, if any token is certain. */
    Optional<Instant> earliestStart() {
        return Optional.ofNullable(earliestStart);
    }

    /** Returns the latest start that may be right, if there was any token. */
    Optional<Instant> latestStart() {
        return Optional.ofNullable(latestStart);
    }

    void joined(String user, Instant at) {
        joins++;
        if (present.isEmpty()) {
            occupiedSince = at;
            belief.joined(latestStart());
        }
        present.add(user);
    }

    /** Learns that a user left, and returns what is wrong with that, if anything is. */
    Optional<String> left(String user, Instant at, boolean byDeletion) {
        Optional<String> problem = Optional.empty();
        if (byDeletion && !at.equals(deletedAt)) {
            deletedAt = at;
            problem = judgeDeletion(at);
        }
        present.remove(user);
        if (!present.isEmpty()) {
            return problem;
        }
        emptyings++;
        if (byDeletion) {
            belief.deleted();
            return problem;
        }
        belief.left(at, latestStart());
        return judgeDeadline(at, false);
    }

    private Optional<String> judgeDeletion(Instant at) {
        var start = earliestStart;
        if (start == null) {
            return Optional.empty();
        }
        var early =
                limit.map(longest -> Duration.between(at, start.plus(longest))).orElse(Duration.ofDays(1));
        if (early.isZero() || early.isNegative()) {
            return judgeDeadline(at, true);
        }
        if (hangingDeletions.stream()
                .anyMatch(asked ->
                        asked.isBefore(start) && Duration.between(asked, at).compareTo(LONGEST_HANG) < 0)) {
            findings.count(Count.CUT_BY_OLD_DELETION, at);
            return Optional.empty();
        }
        findings.cut(early, questions.isDisputed(start));
        return Optional.of("cut " + early + " too early");
    }

    private Optional<String> judgeDeadline(Instant at, boolean deleted) {
        if (latestStart == null || limit.isEmpty() || judged) {
            return Optional.empty();
        }
        var deadline = latestStart.plus(limit.get());
        var late = Duration.between(deadline, at);
        if (late.isNegative() && !deleted) {
            return Optional.empty();
        }
        judged = true;
        return findings.due(deadline, late.isNegative() ? Duration.ZERO : late, deleted)
                ? Optional.of("limit missed by " + late)
                : Optional.empty();
    }

    /** Learns that the server took a call for over. */
    void ended(Instant at, String reason) {
        belief.ended(at, reason, present.isEmpty() ? Optional.empty() : Optional.of(occupiedSince));
    }

    /** Learns that a request to delete the channel hangs. */
    void deletionHangs(Instant at) {
        hangingDeletions.add(at);
    }

    boolean isOccupied() {
        return !present.isEmpty();
    }

    /** Counts what is late already, and returns what is wrong with that, if anything is. */
    Optional<String> finish(Instant now) {
        belief.finish(now);
        return present.isEmpty() ? Optional.empty() : judgeDeadline(now, false);
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one != null && one.isAfter(other) ? one : other;
    }
}
