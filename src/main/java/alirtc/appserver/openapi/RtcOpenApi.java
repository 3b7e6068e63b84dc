package alirtc.appserver.openapi;

import alirtc.appserver.token.ChannelId;
import com.aliyuncs.AcsResponse;
import java.time.InstantSource;
import java.util.Optional;

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

    private <T extends AcsResponse> ActionRequest<T> describe(String action, Class<T> answer, ChannelId channel) {
        return new ActionRequest<>(PRODUCT, VERSION, action, answer, clock)
                .with("AppId", appId)
                .with("ChannelId", channel.value());
    }
}
