package alirtc.appserver.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import com.aliyuncs.AcsResponse;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The OpenAPI of the standalone RTC.
 *
 * @see <a href="https://help.aliyun.com/document_detail/154867.htm">the vendor's reference</a>
 */
final class RtcOpenApi implements OpenApi {
    private static final String PRODUCT = "rtc";
    private static final String VERSION = "2018-01-11";

    private final String appId;
    private final SdkClient sdk;
    private final InstantSource clock;

    RtcOpenApi(String appId, SdkClient sdk, InstantSource clock) {
        this.appId = appId;
        this.sdk = sdk;
        this.clock = clock;
    }

    @Override
    public String title() {
        return "RTC OpenAPI " + VERSION;
    }

    @Override
    public List<String> actions() {
        return List.of(
                "DescribeChannelUsers",
                "DescribeUserInfoInChannel",
                "DeleteChannel",
                "RemoveTerminals",
                "CreateEventSubscribe");
    }

    @Override
    public ChannelUsers users(ChannelId channel) throws RtcException {
        return sdk.call(describe("DescribeChannelUsers", DescribeChannelUsersResponse.class, channel))
                .toChannelUsers();
    }

    @Override
    public boolean tellsJoinTimes() {
        return true;
    }

    @Override
    public Optional<JoinTime> joinTime(ChannelId channel, String user) throws RtcException {
        return sdk.call(describe("DescribeUserInfoInChannel", DescribeUserInfoInChannelResponse.class, channel)
                        .with("UserId", user))
                .toJoinTime();
    }

    @Override
    public void delete(ChannelId channel) throws RtcException {
        var unused = sdk.call(new DeleteRequest(appId, channel, clock));
    }

    @Override
    public boolean remove(ChannelId channel, UserId user) throws RtcException {
        return sdk.call(describe("RemoveTerminals", RemoveTerminalsResponse.class, channel)
                        .with("TerminalIds.1", user.value()))
                .hasRemoved(user);
    }

    /**
     * Subscribes with a token that depends on the application and the address alone: whoever asks again, be it another
     * server, gets the subscription that is there.
     */
    @Override
    public String subscribe(URI callback, URI owner) throws RtcException {
        var clientToken = UUID.nameUUIDFromBytes((appId + "\n" + callback).getBytes(UTF_8));
        return sdk.call(EventSubscription.terms(request("CreateEventSubscribe", SubscriptionResponse.class), callback)
                        .with("ClientToken", clientToken.toString()))
                .toId();
    }

    @Override
    public boolean keepsEventLog() {
        return false;
    }

    @Override
    public List<ChannelEvent> eventLog(String subscription, Instant from, Instant to) {
        return List.of();
    }

    @Override
    public boolean listsLiveChannels() {
        return false;
    }

    /** Throws: an empty page would say that nobody is in any channel. */
    @Override
    public LiveChannels liveChannels(int page) {
        throw new UnsupportedOperationException("The RTC OpenAPI does not list live channels");
    }

    private <T extends AcsResponse> ActionRequest<T> describe(String action, Class<T> answer, ChannelId channel) {
        return request(action, answer).with("ChannelId", channel.value());
    }

    private <T extends AcsResponse> ActionRequest<T> request(String action, Class<T> answer) {
        return new ActionRequest<>(PRODUCT, VERSION, action, answer, clock).with("AppId", appId);
    }
}
