package alirtc.appserver.sandbox;

import alirtc.appserver.config.Product;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * The wire form of the OpenAPI of ApsaraVideo Live, version 2016-11-01. Everybody in a channel speaks.
 *
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-describechannelusers">
 *     DescribeChannelUsers</a>
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-delete-channel">DeleteChannel, and its errors</a>
 */
final class LiveDialect implements Dialect {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Account account;
    private final Channels channels;

    LiveDialect(Account account, Channels channels) {
        this.account = account;
        this.channels = channels;
    }

    @Override
    public String version() {
        return "2016-11-01";
    }

    @Override
    public Set<String> actions() {
        return Set.of(DESCRIBE_CHANNEL_USERS, DELETE_CHANNEL);
    }

    @Override
    public ObjectNode answer(HttpRequest request, Fault fault) throws ApiError {
        var channel = request.parameter("ChannelId");
        if (channel.isEmpty() || request.parameter("AppId").isEmpty()) {
            throw error(400, "InvalidInput");
        }
        if (!account.owns(request.parameter("AppId"), Product.LIVE)) {
            throw error(404, "AppOrChannelNotExists");
        }
        boolean asks = request.parameter("Action").equals(DESCRIBE_CHANNEL_USERS);
        if (fault.kind() == FaultKind.WRONGANSWER) {
            return asks
                    ? JSON.objectNode()
                    : channelUsers(channels.view(channel).under(fault));
        }
        return asks ? channelUsers(channels.view(channel).under(fault)) : deleted(channel);
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
            throw error(404, "AppOrChannelNotExists");
        }
        return JSON.objectNode();
    }

    /** Returns an error as this OpenAPI words it: the status for a code, and the name for a text. */
    private static ApiError error(int status, String name) {
        return new ApiError(status, Integer.toString(status), name);
    }
}
