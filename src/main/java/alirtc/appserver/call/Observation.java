package alirtc.appserver.call;

import alirtc.appserver.openapi.ChannelUsers;
import java.time.Instant;
import java.util.Optional;

/**
 * What one successful question to the upstream showed of a channel.
 *
 * @param askedAt when the question went out, by the steady clock
 * @param users who was there
 * @param tokenAt the latest token whose check this is, if it is one
 */
public record Observation(Instant askedAt, ChannelUsers users, Optional<Instant> tokenAt) {}
