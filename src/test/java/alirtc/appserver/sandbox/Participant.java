package alirtc.appserver.sandbox;

import java.time.Instant;

/** A user in a channel, and since when. */
public record Participant(String user, Instant joinedAt) {}
