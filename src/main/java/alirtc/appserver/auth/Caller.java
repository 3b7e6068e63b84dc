package alirtc.appserver.auth;

import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param user as whom alone the caller may join; empty for one who did not have to prove anything
 * @param channel the only channel that the caller may ask about; any, if empty
 */
public record Caller(Optional<UserId> user, Optional<ChannelId> channel) {
    /** Whoever it may be. */
    public static final Caller ANYBODY = new Caller(Optional.empty(), Optional.empty());

    /**
     * Returns the channel, about which the caller may ask.
     *
     * @throws AccessException if the caller is bound to another channel
     */
    public ChannelId admitted(ChannelId asked) {
        if (channel.isPresent() && !channel.get().equals(asked)) {
            throw new AccessException(AccessException.Kind.FORBIDDEN, "The JWT is for another channel");
        }
        return asked;
    }
}
