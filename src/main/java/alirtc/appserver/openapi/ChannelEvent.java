package alirtc.appserver.openapi;

import alirtc.appserver.token.ChannelId;

/**
 * What the cloud told of its own accord: that a user came to a channel or left it. It may come late, repeated, in another
 * order than it happened, or never.
 *
 * @param channel where
 * @param kind what happened
 * @param user who came or left; empty if the whole channel was closed
 * @param session tells one stay of a user from others: a user who joins again has a new one; not empty. Of a channel that
 *     was closed, what tells that end from others
 */
public record ChannelEvent(ChannelId channel, Kind kind, String user, String session) {

    /** What happened. */
    public enum Kind {
        /** A user joined. */
        JOIN,
        /** A user left. */
        LEAVE,
        /** The channel was closed: nobody is left. */
        CLOSE
    }
}
