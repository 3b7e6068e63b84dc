package alirtc.appserver.call;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One stay of a user in a call, by the steady clock.
 *
 * @param user whose; a name that was not made here
 * @param session tells it from others, 64 bits of a hash of the cloud's own id in hexadecimal; empty if only lookups told
 *     of it
 * @param joinedAt when it began, as far as is known
 * @param leftAt when it ended, as far as is known; none while it goes on
 */
public record Stay(
        String user,
        String session,
        Instant joinedAt,
        @Nullable Instant leftAt) {}
