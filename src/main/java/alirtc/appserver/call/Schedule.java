package alirtc.appserver.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When something has to be done about a call. Immutable; all times are by the steady clock.
 *
 * @param nextPollAt when to observe its channel next
 * @param retry the next attempt to end it, if one failed or was postponed
 */
public record Schedule(Instant nextPollAt, @Nullable Retry retry) {

    /** How often a channel is observed while nothing is pending. */
    static final Duration POLL_INTERVAL = Duration.ofSeconds(30);

    /** How soon a lookup that failed, or did not tell enough, is repeated. */
    static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    /** How long a phone may take from its token to its channel; an observation before that says nothing of a call's end. */
    public static final Duration JOIN_GRACE = Duration.ofSeconds(30);

    /** How often the channel of a call that was ended is observed for people who come back. */
    static final Duration KEEP_ENDED_INTERVAL = Duration.ofSeconds(10);

    private static final Duration POSTPONEMENT = Duration.ofMillis(500);
    private static final int MAX_BACKOFF_EXPONENT = 4;

    /**
     * Another attempt to end the call.
     *
     * @param failures how many failed in a row
     * @param at when the next is due
     */
    public record Retry(int failures, Instant at) {}

    /** Returns the schedule of a call of which nothing but the next observation is due. */
    public static Schedule pollAt(Instant at) {
        return new Schedule(at, null);
    }

    Schedule withNextPollAt(Instant at) {
        return new Schedule(at, retry);
    }

    /** Returns the schedule after a failed attempt to end the call; the delays grow from one second to sixteen. */
    Schedule afterFailedEnd(Instant now) {
        int failures = retry == null ? 1 : retry.failures + 1;
        long delay = 1L << Math.min(failures - 1, MAX_BACKOFF_EXPONENT);
        return new Schedule(nextPollAt, new Retry(failures, now.plusSeconds(delay)));
    }

    /** Returns the schedule after an attempt to end the call was put off. */
    Schedule afterPostponedEnd(Instant now) {
        return new Schedule(nextPollAt, new Retry(retry == null ? 0 : retry.failures, now.plus(POSTPONEMENT)));
    }

    /** Returns when the next attempt to end the call is due, if one failed or was postponed. */
    Optional<Instant> retryAt() {
        return Optional.ofNullable(retry).map(Retry::at);
    }
}
