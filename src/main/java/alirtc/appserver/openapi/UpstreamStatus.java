package alirtc.appserver.openapi;

import alirtc.appserver.openapi.RtcException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What is remembered of the latest requests to the cloud: how the last one went, and how far the clocks differ. Thread-safe. */
public final class UpstreamStatus {
    /** The upstream tells whole seconds: on average its clock is this much further. */
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    /** A request that seems to have taken longer, or less than no time, tells that the machine's clock was set meanwhile. */
    private static final Duration MAX_REQUEST_TIME = Duration.ofMillis(SdkClient.CALL_LIMIT_MILLIS);

    /**
     * The latest requests, as far as they are remembered; all times by the machine's clock.
     *
     * @param askedAt when the last request ended, if there was one
     * @param failure why it had no good answer, if it had none
     * @param answeredAt when the last good answer came, if one ever did
     * @param skew how far the upstream's clock is ahead of the machine's, to half a second; negative if behind
     */
    public record Latest(
            Optional<Instant> askedAt, Optional<Kind> failure, Optional<Instant> answeredAt, Optional<Duration> skew) {}

    private volatile Latest latest = new Latest(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Returns what is remembered now. */
    public Latest latest() {
        return latest;
    }

    /**
     * Records a good answer.
     *
     * @param told the upstream's clock at its answer, if the answer told it
     */
    synchronized void recordSuccess(Instant sentAt, Instant answeredAt, Optional<Instant> told) {
        var took = Duration.between(sentAt, answeredAt);
        var middle = sentAt.plus(took.dividedBy(2));
        var skew = told.filter(time -> !took.isNegative() && took.compareTo(MAX_REQUEST_TIME) <= 0)
                .map(time -> Duration.between(middle, time.plus(HALF_A_SECOND)));
        latest = new Latest(
                Optional.of(answeredAt), Optional.empty(), Optional.of(answeredAt), skew.or(() -> latest.skew()));
    }

    /** Records a request that had no good answer, and says whether the one before failed otherwise or not at all. */
    synchronized boolean recordFailure(Instant at, Kind kind) {
        var before = latest;
        latest = new Latest(Optional.of(at), Optional.of(kind), before.answeredAt(), before.skew());
        return !before.failure().equals(latest.failure());
    }
}
