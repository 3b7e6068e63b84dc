package alirtc.appserver.openapi;

import alirtc.appserver.config.Product;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A product's OpenAPI, as far as this server asks it: one method an action, or what stands in for an action that the
 * product lacks. Each but {@link #subscribe} and {@link #eventLog} sends at most one request; all wait for their answers, a
 * few seconds each at the most. Thread-safe.
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

    /** Returns the names of the actions that are asked for. */
    List<String> actions();

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

    /**
     * Puts a user out of a channel; returns whether the user was in it.
     *
     * @throws RtcException if that is not known to have been done; of kind {@code CHANNEL_NOT_FOUND} if there is no channel
     */
    boolean remove(ChannelId channel, UserId user) throws RtcException;

    /**
     * Makes sure that the cloud tells an address of ours of the channel and user events of all channels. Sends several
     * requests, one after the other, if it must.
     *
     * @param callback the address; the server's own, with its secret
     * @param owner how the addresses of all subscriptions of this server, and others like it, begin; holds no secret
     * @return the subscription's id, the same as long as it goes on
     * @throws RtcException if that is not known to be so
     */
    String subscribe(URI callback, URI owner) throws RtcException;

    /** Returns whether {@link #eventLog} can ever tell. */
    boolean keepsEventLog();

    /**
     * Returns the events that the cloud told a subscriber of, or tried to, in a time, rounded outwards to whole minutes.
     * Sends as many requests as there are pages, one after the other, up to a hundred.
     *
     * @param subscription its id
     * @throws RtcException if there is no good answer to one of the requests
     */
    List<ChannelEvent> eventLog(String subscription, Instant from, Instant to) throws RtcException;

    /** Returns whether {@link #liveChannels} can ever tell. */
    boolean listsLiveChannels();

    /**
     * Returns a page of the list of channels in which somebody is.
     *
     * @param page its number, from 1
     * @throws RtcException if there is no good answer
     * @throws UnsupportedOperationException if the product has no such list
     */
    LiveChannels liveChannels(int page) throws RtcException;
}
