package alirtc.appserver.openapi;

import alirtc.appserver.config.Product;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.token.ChannelId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server asks of the cloud, whichever product the application belongs to. Each method but {@link #api} and
 * {@link #tellsJoinTimes} sends at most one request and waits for its answer, a few seconds at the most. Thread-safe.
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
