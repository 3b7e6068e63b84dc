package alirtc.appserver.sandbox;

import java.time.Instant;

/**
 * A user in a channel: one participation, from its join to its leave.
 *
 * @param joinedAt by the sandbox's clock
 * @param sessionId 32 letters and digits, unique; a user who joins again has a new one
 */
public record Participant(String user, Instant joinedAt, String sessionId) {}
