package alirtc.appserver.openapi;

import alirtc.appserver.config.Product;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server asks of the cloud, whichever product the application belongs to. {@link #api} and the methods that say
 * what a product can tell send nothing. {@link #subscribe} and {@link #eventLog} may send several requests, one after the
 * other; each other method sends at most one. They wait for the answers, a few seconds each at the most. Thread-safe.
 */
public final class RtcClient {
    private static final Logger LOG = LoggerFactory.getLogger(RtcClient.class);

    private final Product product;
    private final String appId;
    private final OpenApi openApi;
    private final UpstreamStatus status;
    private final InstantSource clock;

    /**
     * Builds a client for an application.
     *
     * @param product the product that the application belongs to
     * @param appId names the application
     * @param status records every request
     * @param clock the machine's clock
     */
    public RtcClient(Product product, String appId, SdkClient sdk, UpstreamStatus status, InstantSource clock) {
        this.product = product;
        this.appId = appId;
        this.openApi = OpenApi.of(product, appId, sdk, clock);
        sdk.expect(openApi.actions());
        this.status = status;
        this.clock = clock;
    }

    /** Returns what is asked, in words for people, with its version. */
    public String api() {
        return openApi.title();
    }

    /**
     * Asks who is in a channel.
     *
     * @throws RtcException if there is no good answer
     */
    public ChannelUsers users(ChannelId channel) throws RtcException {
        return recorded(() -> openApi.users(channel), users -> Optional.of(users.timestamp()));
    }

    /** Returns whether {@link #joinTime} can ever tell. */
    public boolean tellsJoinTimes() {
        return openApi.tellsJoinTimes();
    }

    /**
     * Asks since when a user is in a channel; nothing if the user is not there.
     *
     * @throws RtcException if there is no good answer
     */
    public Optional<JoinTime> joinTime(ChannelId channel, String user) throws RtcException {
        return recorded(() -> openApi.joinTime(channel, user), joinTime -> joinTime.map(JoinTime::answeredAt));
    }

    /**
     * Ends a channel for everybody in it. One that does not exist counts as ended.
     *
     * @throws RtcException if it is not known to have ended
     */
    public void delete(ChannelId channel) throws RtcException {
        try {
            var unused = recorded(
                    () -> {
                        openApi.delete(channel);
                        return channel;
                    },
                    done -> Optional.empty());
        } catch (RtcException e) {
            if (e.kind() != Kind.CHANNEL_NOT_FOUND) {
                throw e;
            }
        }
    }

    /**
     * Puts a user out of a channel; returns whether the user was in it. Whoever is put out may join again with a token.
     *
     * @throws RtcException if that is not known to have been done
     */
    public boolean remove(ChannelId channel, UserId user) throws RtcException {
        try {
            return recorded(() -> openApi.remove(channel, user), done -> Optional.empty());
        } catch (RtcException e) {
            if (e.kind() == Kind.CHANNEL_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Makes sure that the cloud tells an address of ours of the channel and user events of all channels, and returns the
     * subscription's id. Several servers, and one that was killed, find the same subscription. Sends one request with RTC,
     * two as a rule with ApsaraVideo Live, and four at the most.
     *
     * @param callback the address; with the server's secret
     * @param owner how the addresses of all subscriptions of this server, and others like it, begin; holds no secret. One
     *     that begins so is changed rather than joined by a second
     * @throws RtcException if that is not known to be so; of kind {@code REFUSED} also if ApsaraVideo Live allows no more
     *     subscriptions, and those that there are go elsewhere
     */
    public String subscribe(URI callback, URI owner) throws RtcException {
        return recorded(() -> openApi.subscribe(callback, owner), done -> Optional.empty());
    }

    /** Returns whether {@link #eventLog} can ever tell. */
    public boolean keepsEventLog() {
        return openApi.keepsEventLog();
    }

    /**
     * Asks which events the cloud told a subscriber of, or tried to. Sends a request for each hundred messages, and reads
     * ten thousand at the most.
     *
     * @param subscription its id
     * @param from the beginning of the time, within the last seven days; rounded down to a whole minute
     * @param to its end, excluded; rounded up to a whole minute
     * @return the events of this application, in the log's order; empty if the product keeps no log
     * @throws RtcException if there is no good answer to one of the requests
     */
    public List<ChannelEvent> eventLog(String subscription, Instant from, Instant to) throws RtcException {
        return keepsEventLog()
                ? recorded(() -> openApi.eventLog(subscription, from, to), events -> Optional.empty())
                : List.of();
    }

    /** Returns whether {@link #liveChannels} can ever tell. */
    public boolean listsLiveChannels() {
        return openApi.listsLiveChannels();
    }

    /**
     * Asks for a page of the list of channels in which somebody is.
     *
     * @param page its number, from 1
     * @throws RtcException if there is no good answer
     * @throws UnsupportedOperationException if the product has no such list
     */
    public LiveChannels liveChannels(int page) throws RtcException {
        return recorded(() -> openApi.liveChannels(page), channels -> Optional.empty());
    }

    /**
     * A request of this client's.
     *
     * @param <T> its answer
     */
    private interface Action<T> {
        T send() throws RtcException;
    }

    /** Sends a request and records how it went. */
    private <T> T recorded(Action<T> action, Function<T, Optional<Instant>> told) throws RtcException {
        var sentAt = clock.instant();
        try {
            var answer = action.send();
            status.recordSuccess(sentAt, clock.instant(), told.apply(answer));
            return answer;
        } catch (RtcException e) {
            if (e.kind() == Kind.CHANNEL_NOT_FOUND) {
                status.recordSuccess(sentAt, clock.instant(), Optional.empty());
            } else if (status.recordFailure(clock.instant(), e.kind()) && e.kind() == Kind.APP_NOT_FOUND) {
                explain(e);
            }
            throw e;
        }
    }

    /** Tells an operator what to do about an application that the cloud does not know, which nothing else will mend. */
    private void explain(RtcException refusal) {
        var other = product.other();
        LOG.warn(
                "The {} does not know application {} as this account's ({}). If it was made in {}, set rtc.openapi = {};"
                        + " else the AppId is wrong, or of another account",
                api(),
                appId,
                refusal.getMessage(),
                other.title(),
                other.setting());
    }
}
