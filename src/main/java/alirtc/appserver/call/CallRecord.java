package alirtc.appserver.call;

import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is on record of a call that is over. Immutable; times are by the steady clock.
 *
 * @param callId tells it from all other calls, of all servers, for good
 * @param correction 0 for the first record of the call; each later one that replaces it has the next number
 * @param startedAt when it began
 * @param endedAt when it ended, not before it began
 * @param talked how long two or more were there at a time
 * @param stays who was there when, in the order of joining
 * @param evidence what the times are known by
 * @param error how much the length may be off; none if nobody can tell
 */
public record CallRecord(
        String callId,
        ChannelId channel,
        int correction,
        Instant startedAt,
        Instant endedAt,
        Duration talked,
        List<Stay> stays,
        EndReason endReason,
        Source evidence,
        Optional<Duration> error) {

    /** What the times of a record are known by. */
    public enum Source {
        /** By what the cloud told of its own accord. */
        EVENTS,
        /** By lookups. */
        OBSERVATIONS,
        /** In part by what was found after a restart of the server. */
        RECOVERED
    }
}
