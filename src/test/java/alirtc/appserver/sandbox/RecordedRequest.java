package alirtc.appserver.sandbox;

import java.time.Instant;

/**
 * A request that reached the sandbox, whatever became of it.
 *
 * @param action as sent; empty where the request named none, and so are channel and user
 * @param at when it arrived, by the sandbox's clock
 */
public record RecordedRequest(String action, String channel, String user, Instant at) {}
