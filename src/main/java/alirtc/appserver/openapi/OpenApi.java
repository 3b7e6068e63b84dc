package alirtc.appserver.openapi;

import alirtc.appserver.config.Product;
import alirtc.appserver.token.ChannelId;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A product's OpenAPI, as far as this server asks it: one method an action, or what stands in for an action that the
 * product lacks. Each sends at most one request and waits for its answer, a few seconds at the most. Thread-safe.
 */
sealed interface OpenApi permits RtcOpenApi, LiveOpenApi {

    /** Returns the OpenAPI of the product that the application belongs to. */
    static OpenApi of(Product product, String appId, SdkClient sdk, InstantSource clock) {
        return switch (product) {
            case RTC -> new RtcOpenApi(appId, sdk, clock);
            case LIVE -> new LiveOpenApi(appId, sdk, clock);
        };
    }

    /** Returns what is asked, in words for people, with its version. */
    String title();

    /**
     * Returns who is in a channel.
     *
     * @throws RtcException if there is no good answer
     */
    ChannelUsers users(ChannelId channel) throws RtcException;

    /** Returns whether {@link #joinTime} can ever tell. */
    boolean tellsJoinTimes();

    /**
     * Returns since when a user is in a channel; nothing if the user is not there, or it is not to be known.
     *
     * @throws RtcException if there is no good answer
     */
    Optional<JoinTime> joinTime(ChannelId channel, String user) throws RtcException;

    /**
     * Ends a channel for everybody in it.
     *
     * @throws RtcException if that is not known to have been done; of kind {@code CHANNEL_NOT_FOUND} if there is none
     */
    void delete(ChannelId channel) throws RtcException;
}
