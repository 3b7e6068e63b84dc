package alirtc.appserver.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When something has to be done about a call. Immutable; all times are by the steady clock.
 *
 * @param nextPollAt when to observe its channel next
 * @param retry the next attempt to end it, if one failed
 */
public record Schedule(Instant nextPollAt, @Nullable Retry retry) {

    /** How often a channel is observed while nothing is pending. */
    static final Duration POLL_INTERVAL = Duration.ofSeconds(30);

    /** How long a channel that events tell of may go unobserved. */
    static final Duration HEARD_INTERVAL = Duration.ofMinutes(5);

    /** How long it is remembered that a call is over. */
    static final Duration OVER_KEPT = Duration.ofMinutes(2);

    /** How soon a lookup that failed, or did not tell enough, is repeated. */
    static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    /** How long a phone may take from its token to its channel; an observation before that says nothing of a call's end. */
    public static final Duration JOIN_GRACE = Duration.ofSeconds(30);

    /** How soon after its end the channel of a call is observed for people who come back; later ever less often. */
    static final Duration KEEP_ENDED_INTERVAL = Duration.ofSeconds(10);

    private static final Duration MAX_KEEP_ENDED_INTERVAL = Duration.ofMinutes(5);

    /** How soon an attempt to end a call is repeated: with the watch's rounds it is every second. */
    private static final Duration END_RETRY_DELAY = Duration.ofMillis(750);

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

    /** Returns the schedule after a failed attempt to end the call. */
    Schedule afterFailedEnd(Instant now) {
        int failures = retry == null ? 1 : retry.failures + 1;
        return new Schedule(nextPollAt, new Retry(failures, now.plus(END_RETRY_DELAY)));
    }

    /** Returns when to observe the channel of a call that was ended once more, after two observations of it. */
    static Instant nextKeepEndedPoll(Instant lastAskedAt, Instant askedAt) {
        var doubled = Duration.between(lastAskedAt, askedAt).multipliedBy(2);
        var interval = doubled.compareTo(KEEP_ENDED_INTERVAL) < 0
                ? KEEP_ENDED_INTERVAL
                : doubled.compareTo(MAX_KEEP_ENDED_INTERVAL) > 0 ? MAX_KEEP_ENDED_INTERVAL : doubled;
        return askedAt.plus(interval);
    }

    /** Returns when the next attempt to end the call is due, if one failed. */
    Optional<Instant> retryAt() {
        return Optional.ofNullable(retry).map(Retry::at);
    }
}
