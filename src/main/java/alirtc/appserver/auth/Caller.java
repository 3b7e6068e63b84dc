package alirtc.appserver.auth;

import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.util.Optional;

/**
 * The caller of an admitted request.
 *
 * @param user the only user that the caller may join as; any, if empty, as without credentials
 * @param channel the only channel that the caller may ask about; any, if empty
 * @param callLimit how long a call may last that the caller joins, if not as long as the operator lets it
 */
public record Caller(Optional<UserId> user, Optional<ChannelId> channel, Optional<Duration> callLimit) {
    /** A caller without credentials. */
    public static final Caller ANYBODY = new Caller(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Returns the given channel if the caller may ask about it.
     *
     * @throws AccessException if the caller's credentials are for another channel
     */
    public ChannelId admitted(ChannelId asked) {
        if (channel.isPresent() && !channel.get().equals(asked)) {
            throw new AccessException(AccessException.Kind.FORBIDDEN, "The JWT is for another channel");
        }
        return asked;
    }
}
