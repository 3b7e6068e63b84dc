package alirtc.appserver.rtc;

import java.time.Instant;

/**
 * A user's stay in a channel, both times by the upstream's clock and in whole seconds.
 *
 * @param joinedAt when the user joined
 * @param answeredAt when the upstream said so
 */
public record Stay(Instant joinedAt, Instant answeredAt) {}
