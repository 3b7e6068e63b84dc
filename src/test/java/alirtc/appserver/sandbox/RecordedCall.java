package alirtc.appserver.sandbox;

import java.time.Instant;

/**
 * A call that reached the sandbox, whatever became of it.
 *
 * @param action as sent; empty where the call named none, and so are channel and user
 * @param at when it arrived, by the sandbox's clock
 */
public record RecordedCall(String action, String channel, String user, Instant at) {}
