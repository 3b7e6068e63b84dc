package alirtc.appserver.sandbox;

import alirtc.appserver.config.Product;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * The wire form of the OpenAPI of ApsaraVideo Live, version 2016-11-01. Everybody in a channel speaks.
 *
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-describechannelusers">
 *     DescribeChannelUsers</a>
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-delete-channel">DeleteChannel, and its errors</a>
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-kick-end-user-from-channel">RemoveTerminals</a>
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-listrtcliverooms">
 *     ListRTCLiveRooms</a>
 */
final class LiveDialect implements Dialect {
    private static final int MIN_ROOMS = 10;
    private static final int MAX_ROOMS = 100;
    private static final int DEFAULT_ROOMS = 50;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Account account;
    private final Channels channels;
    private final LiveSubscriptionActions subscriptionActions;

    LiveDialect(Account account, Channels channels, LiveSubscriptionActions subscriptionActions) {
        this.account = account;
        this.channels = channels;
        this.subscriptionActions = subscriptionActions;
    }

    @Override
    public String version() {
        return "2016-11-01";
    }

    @Override
    public Set<String> actions() {
        return Set.of(
                DESCRIBE_CHANNEL_USERS,
                DELETE_CHANNEL,
                REMOVE_TERMINALS,
                CREATE_EVENT_SUB,
                DELETE_EVENT_SUB,
                UPDATE_EVENT_SUB,
                LIST_EVENT_SUB,
                LIST_EVENT_SUB_EVENT,
                LIST_RTC_LIVE_ROOMS);
    }

    @Override
    public ObjectNode answer(HttpRequest request, Fault fault) throws ApiError {
        var action = request.parameter("Action");
        var channel = request.parameter("ChannelId");
        var isAboutChannel =
                Set.of(DESCRIBE_CHANNEL_USERS, DELETE_CHANNEL, REMOVE_TERMINALS).contains(action);
        if (request.parameter("AppId").isEmpty() || (isAboutChannel && channel.isEmpty())) {
            throw invalidInput();
        }
        if (!account.owns(request.parameter("AppId"), Product.LIVE)) {
            throw action.equals(REMOVE_TERMINALS) ? resourceNotExist() : noAppOrChannel();
        }
        if (fault.kind() == FaultKind.WRONGANSWER) {
            return action.equals(DESCRIBE_CHANNEL_USERS)
                    ? JSON.objectNode()
                    : channelUsers(channels.view(channel).under(fault));
        }
        return switch (action) {
            case DESCRIBE_CHANNEL_USERS -> channelUsers(channels.view(channel).under(fault));
            case DELETE_CHANNEL -> deleted(channel);
            case REMOVE_TERMINALS -> removed(request);
            case CREATE_EVENT_SUB -> subscriptionActions.create(request);
            case DELETE_EVENT_SUB -> subscriptionActions.delete(request);
            case UPDATE_EVENT_SUB -> subscriptionActions.update(request);
            case LIST_EVENT_SUB -> subscriptionActions.list();
            case LIST_EVENT_SUB_EVENT -> subscriptionActions.listDeliveries(request);
            case LIST_RTC_LIVE_ROOMS -> rooms(request, fault);
            default -> throw ApiError.unknownAction();
        };
    }

    private static ObjectNode channelUsers(ChannelView view) {
        var users = JSON.arrayNode();
        view.present().forEach(one -> users.add(one.user()));
        var answer = JSON.objectNode();
        answer.put("Timestamp", view.seconds(view.at()));
        answer.put("IsChannelExists", view.exists());
        answer.put("InteractiveUserNumber", users.size());
        answer.put("LiveUserNumber", 0);
        answer.set("InteractiveUserList", users);
        answer.set("LiveUserList", JSON.arrayNode());
        return answer;
    }

    private ObjectNode deleted(String channel) throws ApiError {
        if (!channels.delete(channel)) {
            throw noAppOrChannel();
        }
        return JSON.objectNode();
    }

    private ObjectNode removed(HttpRequest request) throws ApiError {
        if (request.parameter("TerminalIds.1").isEmpty()) {
            throw new ApiError(400, "InputInvalid", "TerminalIds");
        }
        if (!channels.view(request.parameter("ChannelId")).exists()) {
            throw resourceNotExist();
        }
        var answer = JSON.objectNode();
        answer.set("Terminals", RemovedTerminals.remove(request, channels));
        return answer;
    }

    /** Lists channels that somebody is in, by name: those that linger after the last one left are not live. */
    private ObjectNode rooms(HttpRequest request, Fault fault) throws ApiError {
        int number = number(request, "PageNo", 1, Integer.MAX_VALUE, 1);
        int size = number(request, "PageSize", MIN_ROOMS, MAX_ROOMS, DEFAULT_ROOMS);
        var page = fault.kind() == FaultKind.EMPTY
                ? new OccupiedChannels.Page(0, List.of())
                : channels.occupied(number, size);
        var answer = JSON.objectNode().put("Total", page.total());
        page.channels().forEach(answer.putArray("Rooms")::add);
        return answer;
    }

    /** Returns a parameter that has to be there. */
    static int number(HttpRequest request, String name, int min, int max) throws ApiError {
        var text = request.parameter(name);
        if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) < min || Long.parseLong(text) > max) {
            throw invalidInput();
        }
        return Integer.parseInt(text);
    }

    private static int number(HttpRequest request, String name, int min, int max, int absent) throws ApiError {
        return request.parameter(name).isEmpty() ? absent : number(request, name, min, max);
    }

    static ApiError invalidInput() {
        return error(400, "InvalidInput");
    }

    private static ApiError noAppOrChannel() {
        return error(404, "AppOrChannelNotExists");
    }

    private static ApiError resourceNotExist() {
        return new ApiError(404, "ResourceNotExist", "The resource does not exist.");
    }

    /** Returns an error as this OpenAPI words it: the status for a code, and the name for a text. */
    static ApiError error(int status, String name) {
        return new ApiError(status, Integer.toString(status), name);
    }
}
