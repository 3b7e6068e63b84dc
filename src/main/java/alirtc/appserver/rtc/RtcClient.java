package alirtc.appserver.rtc;

import alirtc.appserver.config.AppConfig;
import alirtc.appserver.rtc.RtcException.Kind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server asks of the cloud, whichever product the application belongs to. Each method but {@link #api} and
 * {@link #tellsStays} sends at most one request and waits for its answer, a few seconds at the most. Thread-safe.
 */
public final class RtcClient {
    private static final Logger LOG = LoggerFactory.getLogger(RtcClient.class);

    private final AppConfig config;
    private final OpenApi openApi;
    private final UpstreamMemory memory;
    private final InstantSource clock;

    /**
     * Builds a client for the configured application.
     *
     * @param memory takes note of every call
     * @param clock the machine's clock
     */
    public RtcClient(AppConfig config, SdkClient sdk, UpstreamMemory memory, InstantSource clock) {
        this.config = config;
        this.openApi = OpenApi.of(config, sdk, clock);
        this.memory = memory;
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
        return noted(() -> openApi.users(channel), users -> Optional.of(users.timestamp()));
    }

    /** Returns whether {@link #stay} can ever tell. */
    public boolean tellsStays() {
        return openApi.tellsStays();
    }

    /**
     * Asks since when a user is in a channel; nothing if the user is not there.
     *
     * @throws RtcException if there is no good answer
     */
    public Optional<Stay> stay(ChannelId channel, String user) throws RtcException {
        return noted(() -> openApi.stay(channel, user), stay -> stay.map(Stay::answeredAt));
    }

    /**
     * Ends a channel for everybody in it. One that does not exist counts as ended.
     *
     * @throws RtcException if it is not known to have ended
     */
    public void delete(ChannelId channel) throws RtcException {
        try {
            var unused = noted(
                    () -> {
                        openApi.delete(channel);
                        return channel;
                    },
                    done -> Optional.empty());
        } catch (RtcException e) {
            if (e.kind() != Kind.NO_CHANNEL) {
                throw e;
            }
        }
    }

    /** Makes a call and has it remembered how it went. */
    private <T> T noted(Upstream.Call<T> call, Function<T, Optional<Instant>> told) throws RtcException {
        var sentAt = clock.instant();
        try {
            var answer = call.send();
            memory.answered(sentAt, clock.instant(), told.apply(answer));
            return answer;
        } catch (RtcException e) {
            if (e.kind() == Kind.NO_CHANNEL) {
                memory.answered(sentAt, clock.instant(), Optional.empty());
            } else if (memory.failed(clock.instant(), e.kind()) && e.kind() == Kind.NO_APP) {
                explain(e);
            }
            throw e;
        }
    }

    /** Tells an operator what to do about an application that the cloud does not know, which nothing else will mend. */
    private void explain(RtcException refusal) {
        var other = config.product().other();
        LOG.warn(
                "The {} does not know application {} as this account's ({}). If it was made in {}, set rtc.openapi = {};"
                        + " else the AppId is wrong, or of another account",
                api(),
                config.appId(),
                refusal.getMessage(),
                other.title(),
                other.setting());
    }
}
