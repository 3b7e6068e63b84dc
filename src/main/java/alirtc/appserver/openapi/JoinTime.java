package alirtc.appserver.openapi;

import java.time.Instant;

/**
 * A user's joinTime in a channel, both times by the upstream's clock and in whole seconds.
 *
 * @param joinedAt when the user joined
 * @param answeredAt when the upstream said so
 */
public record JoinTime(Instant joinedAt, Instant answeredAt) {}
