package alirtc.appserver.rtc;

import alirtc.appserver.config.AppConfig;
import com.aliyuncs.AcsResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * The RTC OpenAPI, version 2018-01-11: one method an action. Each sends one request and waits for its answer, a few
 * seconds at the most. Thread-safe.
 *
 * @see <a href="https://help.aliyun.com/document_detail/154867.htm">the vendor's reference</a>
 */
public final class RtcClient {
    /** What is asked, in words for people. */
    public static final String API = "RTC OpenAPI 2018-01-11";

    private static final String PRODUCT = "rtc";
    private static final String VERSION = "2018-01-11";

    private final SdkClient sdk;
    private final String appId;
    private final UpstreamMemory memory;
    private final InstantSource clock;

    /**
     * Builds a client for the configured application.
     *
     * @param memory takes note of every call
     * @param clock the machine's clock
     */
    public RtcClient(AppConfig config, SdkClient sdk, UpstreamMemory memory, InstantSource clock) {
        this.sdk = sdk;
        this.appId = config.appId();
        this.memory = memory;
        this.clock = clock;
    }

    /**
     * Asks who is in a channel ({@code DescribeChannelUsers}).
     *
     * @throws RtcException if there is no good answer
     */
    public ChannelUsers users(ChannelId channel) throws RtcException {
        return noted(
                () -> sdk.call(describe("DescribeChannelUsers", DescribeChannelUsersResponse.class, channel))
                        .toChannelUsers(),
                users -> Optional.of(users.timestamp()));
    }

    /**
     * Asks since when a user is in a channel ({@code DescribeUserInfoInChannel}); nothing if the user is not there.
     *
     * @throws RtcException if there is no good answer
     */
    public Optional<Stay> stay(ChannelId channel, String user) throws RtcException {
        return noted(
                () -> sdk.call(describe("DescribeUserInfoInChannel", DescribeUserInfoInChannelResponse.class, channel)
                                .with("UserId", user))
                        .toStay(),
                stay -> stay.map(Stay::answeredAt));
    }

    /**
     * Ends a channel for everybody in it ({@code DeleteChannel}). One that does not exist counts as ended.
     *
     * @throws RtcException if it is not known to have ended
     */
    public void delete(ChannelId channel) throws RtcException {
        try {
            var unused = noted(() -> sdk.call(new DeleteRequest(appId, channel, clock)), answer -> Optional.empty());
        } catch (RtcException e) {
            if (e.kind() != RtcException.Kind.NO_CHANNEL) {
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
            if (e.kind() == RtcException.Kind.NO_CHANNEL) {
                memory.answered(sentAt, clock.instant(), Optional.empty());
            } else {
                memory.failed(clock.instant(), e.kind());
            }
            throw e;
        }
    }

    private <T extends AcsResponse> DescribeRequest<T> describe(String action, Class<T> answer, ChannelId channel) {
        return new DescribeRequest<>(PRODUCT, VERSION, action, answer, clock)
                .with("AppId", appId)
                .with("ChannelId", channel.value());
    }
}
