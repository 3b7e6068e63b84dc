package alirtc.appserver.openapi;

import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import com.aliyuncs.AcsResponse;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The OpenAPI of ApsaraVideo Live. None of its actions tells since when a user is in a channel.
 *
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-dir-channel-management/">the
 *     vendor's list of actions</a>
 */
final class LiveOpenApi implements OpenApi {
    /** A page of the event log has so many messages at the most, which is all that the cloud allows. */
    private static final int LOG_PAGE_SIZE = 100;

    private static final int MAX_LOG_PAGES = 100;
    private static final Duration ALMOST_A_MINUTE = Duration.ofMinutes(1).minusNanos(1);

    private final String appId;
    private final SdkClient sdk;
    private final LiveRequests requests;
    private final LiveSubscriptions subscriptions;
    private volatile boolean knowsApp;

    LiveOpenApi(String appId, SdkClient sdk, InstantSource clock) {
        this.appId = appId;
        this.sdk = sdk;
        this.requests = new LiveRequests(appId, clock);
        this.subscriptions = new LiveSubscriptions(requests, sdk);
    }

    @Override
    public String title() {
        return "ApsaraVideo Live OpenAPI " + LiveRequests.VERSION;
    }

    @Override
    public List<String> actions() {
        return List.of(
                "DescribeChannelUsers",
                "DeleteChannel",
                "RemoveTerminals",
                "CreateEventSub",
                "UpdateEventSub",
                "ListEventSub",
                "ListEventSubEvent",
                "ListRTCLiveRooms");
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
            throw orMissingApp(e);
        }
    }

    @Override
    public boolean remove(ChannelId channel, UserId user) throws RtcException {
        try {
            return sdk.call(request("RemoveTerminals", RemoveTerminalsResponse.class, channel)
                            .with("TerminalIds.1", user.value()))
                    .hasRemoved(user);
        } catch (RtcException e) {
            throw orMissingApp(e);
        }
    }

    /** Returns a failure as it is meant: one code says that the channel or the application is missing. */
    private RtcException orMissingApp(RtcException e) {
        // Nothing has shown yet that the application is there.
        return e.kind() == Kind.CHANNEL_NOT_FOUND && !knowsApp
                ? new RtcException(Kind.APP_NOT_FOUND, String.valueOf(e.getMessage()))
                : e;
    }

    @Override
    public String subscribe(URI callback, URI owner) throws RtcException {
        return subscriptions.ensure(callback, owner);
    }

    @Override
    public boolean keepsEventLog() {
        return true;
    }

    @Override
    public List<ChannelEvent> eventLog(String subscription, Instant from, Instant to) throws RtcException {
        var start = from.truncatedTo(ChronoUnit.MINUTES);
        var end = to.plus(ALMOST_A_MINUTE).truncatedTo(ChronoUnit.MINUTES);
        var events = new ArrayList<ChannelEvent>();
        boolean more = start.isBefore(end);
        for (int page = 1; more && page <= MAX_LOG_PAGES; page++) {
            var answer = sdk.call(requests.of("ListEventSubEvent", LiveEventLogResponse.class)
                            .with("SubscribeId", subscription)
                            .with("StartTime", Long.toString(start.getEpochSecond()))
                            .with("EndTime", Long.toString(end.getEpochSecond()))
                            .with("PageNo", Integer.toString(page))
                            .with("PageSize", Integer.toString(LOG_PAGE_SIZE)))
                    .toPage(appId);
            events.addAll(answer.events());
            more = answer.more();
        }
        return events;
    }

    @Override
    public boolean listsLiveChannels() {
        return true;
    }

    @Override
    public LiveChannels liveChannels(int page) throws RtcException {
        return sdk.call(requests.of("ListRTCLiveRooms", LiveChannelsResponse.class)
                        .with("PageNo", Integer.toString(page))
                        .with("PageSize", Integer.toString(LiveChannels.PAGE_SIZE)))
                .toLiveChannels();
    }

    private <T extends AcsResponse> ActionRequest<T> request(String action, Class<T> answer, ChannelId channel) {
        return requests.of(action, answer).with("ChannelId", channel.value());
    }
}
