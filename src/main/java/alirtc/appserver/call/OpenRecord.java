package alirtc.appserver.call;

import java.time.Instant;
import java.util.List;

/**
 * What is on record so far of the call in a channel. Immutable; times are by the steady clock.
 *
 * @param callId tells the call from all others, for good
 * @param told how many notices of it there were; the next one has that number and 1
 * @param correction the number of the record that its end makes
 * @param startedAt when it began, as was last told
 * @param recovered whether it was found again after a restart
 * @param warned whether it was told that its limit is near
 * @param seenAt when somebody was last known to be in it
 * @param stays who was there when, in the order of joining
 */
public record OpenRecord(
        String callId,
        int told,
        int correction,
        Instant startedAt,
        boolean recovered,
        boolean warned,
        Instant seenAt,
        List<Stay> stays) {}
