package alirtc.appserver.web;

import alirtc.appserver.auth.Caller;
import alirtc.appserver.lifecycle.CallService;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;

/** GET /app/descChannelUsers?channelId= answers who is in the channel. */
public final class ChannelUsersServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller) {
        var channel =
                caller.admitted(new QueryParameters(request.getQueryString()).required("channelId", ChannelId::new));
        return ContextParts.require(request.getServletContext(), CallService.class)
                .users(channel)
                .thenApply(UsersData::new);
    }

    /**
     * Who is in the channel, in the form that the published clients read: every field, always.
     *
     * @param users the upstream's answer
     */
    private record UsersData(ChannelUsers users) implements Json {
        @Override
        public String json() {
            return "{\"requestId\":" + Json.quoted(users.requestId()) + ",\"timestamp\":"
                    + users.timestamp().getEpochSecond() + ",\"isChannelExist\":" + users.exists()
                    + ",\"channelProfile\":" + users.profile() + ",\"commTotalNum\":" + users.commTotalNum()
                    + ",\"interactiveUserNum\":" + users.interactiveUserNum() + ",\"liveUserNum\":"
                    + users.liveUserNum() + ",\"userList\":" + Json.quoted(users.userList())
                    + ",\"interactiveUserList\":" + Json.quoted(users.interactiveUserList()) + ",\"liveUserList\":"
                    + Json.quoted(users.liveUserList()) + "}";
        }
    }
}
