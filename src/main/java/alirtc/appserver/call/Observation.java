package alirtc.appserver.call;

import alirtc.appserver.openapi.ChannelUsers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one successful lookup showed of a channel.
 *
 * @param askedAt when the request went out, by the steady clock
 * @param users who was there
 * @param tokenAt the latest token whose check this lookup is, if it is one
 */
public record Observation(Instant askedAt, ChannelUsers users, Optional<Instant> tokenAt) {

    /** How far apart two observations have to be for their agreement to count. */
    public static final Duration CONFIRMATION_GAP = Duration.ofSeconds(3);
}
