package alirtc.appserver.openapi;

import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.token.ChannelId;
import com.aliyuncs.AcsResponse;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The OpenAPI of ApsaraVideo Live. None of its actions tells since when a user is in a channel.
 *
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-dir-channel-management/">the
 *     vendor's list of actions</a>
 */
final class LiveOpenApi implements OpenApi {
    private static final String PRODUCT = "live";
    private static final String VERSION = "2016-11-01";

    private final String appId;
    private final SdkClient sdk;
    private final InstantSource clock;
    private volatile boolean knowsApp;

    LiveOpenApi(String appId, SdkClient sdk, InstantSource clock) {
        this.appId = appId;
        this.sdk = sdk;
        this.clock = clock;
    }

    @Override
    public String title() {
        return "ApsaraVideo Live OpenAPI " + VERSION;
    }

    @Override
    public ChannelUsers users(ChannelId channel) throws RtcException {
        var users = sdk.call(request("DescribeChannelUsers", LiveChannelUsersResponse.class, channel))
                .toChannelUsers();
        knowsApp = true;
        return users;
    }

    @Override
    public boolean tellsJoinTimes() {
        return false;
    }

    @Override
    public Optional<JoinTime> joinTime(ChannelId channel, String user) {
        return Optional.empty();
    }

    @Override
    public void delete(ChannelId channel) throws RtcException {
        try {
            sdk.call(request("DeleteChannel", LiveAcknowledgement.class, channel))
                    .check();
        } catch (RtcException e) {
            // One code says that either is missing, and nothing has shown yet that the application is not.
            throw e.kind() == Kind.CHANNEL_NOT_FOUND && !knowsApp
                    ? new RtcException(Kind.APP_NOT_FOUND, String.valueOf(e.getMessage()))
                    : e;
        }
    }

    private <T extends AcsResponse> ActionRequest<T> request(String action, Class<T> answer, ChannelId channel) {
        return new ActionRequest<>(PRODUCT, VERSION, action, answer, clock)
                .with("AppId", appId)
                .with("ChannelId", channel.value());
    }
}
