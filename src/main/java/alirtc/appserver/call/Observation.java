package alirtc.appserver.call;

import alirtc.appserver.openapi.ChannelUsers;
import java.time.Duration;
import java.time.Instant;

/**
 * What one successful lookup showed of a channel, at some moment between its two times. All times are by the steady
 * clock.
 *
 * @param askedAt when the request went out: whoever is shown was there then or later
 * @param answeredAt when the answer came: whoever is shown was there by then; not before {@code askedAt}
 * @param users who was there
 */
public record Observation(Instant askedAt, Instant answeredAt, ChannelUsers users) {

    /** How far apart two observations have to be for their agreement to count. */
    public static final Duration CONFIRMATION_GAP = Duration.ofSeconds(3);
}
