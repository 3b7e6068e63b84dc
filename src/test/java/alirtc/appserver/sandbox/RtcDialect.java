package alirtc.appserver.sandbox;

import alirtc.appserver.config.Product;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The wire form of the RTC OpenAPI, version 2018-01-11.
 *
 * @see <a href="https://help.aliyun.com/document_detail/154867.htm">DescribeChannelUsers</a>
 * @see <a href="https://help.aliyun.com/document_detail/154868.html">DescribeUserInfoInChannel</a>
 */
final class RtcDialect implements Dialect {
    private static final int LIST_LIMIT = 1000;
    private static final int COMMUNICATION = 1;
    private static final int EMPTIED = 0;
    private static final int COMMUNICATION_ROLE = 0;
    private static final Map<String, List<String>> REQUIRED = Map.of(
            DESCRIBE_CHANNEL_USERS, List.of("AppId", "ChannelId"),
            DESCRIBE_USER_INFO_IN_CHANNEL, List.of("AppId", "ChannelId", "UserId"),
            DELETE_CHANNEL, List.of("AppId", "ChannelId"),
            REMOVE_TERMINALS, List.of("AppId", "ChannelId", "TerminalIds.1"));
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Account account;
    private final Channels channels;
    private final RtcSubscriptionActions subscriptionActions;

    RtcDialect(Account account, Channels channels, RtcSubscriptionActions subscriptionActions) {
        this.account = account;
        this.channels = channels;
        this.subscriptionActions = subscriptionActions;
    }

    @Override
    public String version() {
        return "2018-01-11";
    }

    @Override
    public Set<String> actions() {
        return Set.of(
                DESCRIBE_CHANNEL_USERS,
                DESCRIBE_USER_INFO_IN_CHANNEL,
                DELETE_CHANNEL,
                REMOVE_TERMINALS,
                CREATE_EVENT_SUBSCRIBE,
                DELETE_EVENT_SUBSCRIBE);
    }

    @Override
    public ObjectNode answer(HttpRequest request, Fault fault) throws ApiError {
        var action = request.parameter("Action");
        for (var name : REQUIRED.getOrDefault(action, List.of("AppId"))) {
            required(request, name);
        }
        checkApp(request.parameter("AppId"), action);
        var channel = request.parameter("ChannelId");
        if (fault.kind() == FaultKind.WRONGANSWER) {
            var view = channels.view(channel).under(fault);
            return action.equals(DESCRIBE_CHANNEL_USERS)
                    ? userInfo(view, request.parameter("UserId"))
                    : channelUsers(view);
        }
        return switch (action) {
            case DESCRIBE_CHANNEL_USERS -> channelUsers(channels.view(channel).under(fault));
            case DESCRIBE_USER_INFO_IN_CHANNEL ->
                userInfo(channels.view(channel).under(fault), request.parameter("UserId"));
            case DELETE_CHANNEL -> deleted(channel);
            case REMOVE_TERMINALS -> removed(request);
            case CREATE_EVENT_SUBSCRIBE -> subscriptionActions.create(request);
            case DELETE_EVENT_SUBSCRIBE -> subscriptionActions.delete(request);
            default -> throw ApiError.unknownAction();
        };
    }

    /** Returns a parameter that has to be there. */
    static String required(HttpRequest request, String name) throws ApiError {
        if (request.parameter(name).isEmpty()) {
            throw new ApiError(400, "request.no" + name.toLowerCase(Locale.ROOT), name + " is missing.");
        }
        return request.parameter(name);
    }

    private void checkApp(String app, String action) throws ApiError {
        if (!account.owns(app, Product.RTC)) {
            throw action.equals(DELETE_CHANNEL)
                    ? new ApiError(404, "App.NotExist", "The app does not exist.")
                    : new ApiError(401, "request.illegalauth", "The app is not yours.");
        }
    }

    private static ObjectNode channelUsers(ChannelView view) {
        var count = view.present().size();
        var users = JSON.arrayNode();
        view.present().stream().limit(LIST_LIMIT).forEach(one -> users.add(one.user()));
        var answer = JSON.objectNode();
        answer.put("Timestamp", view.seconds(view.at()));
        answer.put("IsChannelExist", view.exists());
        answer.put("ChannelProfile", count > 0 ? COMMUNICATION : EMPTIED);
        answer.put("CommTotalNum", count);
        answer.put("InteractiveUserNum", 0);
        answer.put("LiveUserNum", 0);
        answer.set("UserList", users);
        answer.set("InteractiveUserList", JSON.arrayNode());
        answer.set("LiveUserList", JSON.arrayNode());
        return answer;
    }

    private static ObjectNode userInfo(ChannelView view, String user) {
        ArrayNode properties = JSON.arrayNode();
        view.find(user)
                .ifPresent(one -> properties
                        .addObject()
                        .put("Session", one.sessionId())
                        .put("Role", COMMUNICATION_ROLE)
                        .put("Join", view.seconds(one.joinedAt())));
        var answer = JSON.objectNode();
        answer.put("Timestamp", view.seconds(view.at()));
        answer.put("IsInChannel", !properties.isEmpty());
        answer.put("IsChannelExist", view.exists());
        answer.set("Property", properties);
        return answer;
    }

    private ObjectNode deleted(String channel) throws ApiError {
        if (!channels.delete(channel)) {
            throw noChannel();
        }
        return JSON.objectNode();
    }

    private ObjectNode removed(HttpRequest request) throws ApiError {
        var channel = request.parameter("ChannelId");
        if (!channels.view(channel).exists()) {
            throw noChannel();
        }
        var answer = JSON.objectNode();
        answer.putObject("Terminals").set("Terminal", RemovedTerminals.remove(request, channels));
        return answer;
    }

    private static ApiError noChannel() {
        return new ApiError(404, "Channel.NotExist", "The channel does not exist.");
    }
}
