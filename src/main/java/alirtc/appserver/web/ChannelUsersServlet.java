package alirtc.appserver.web;

import alirtc.appserver.auth.Caller;
import alirtc.appserver.lifecycle.CallService;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
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
                .thenApply(UsersData::of);
    }

    /** Who is in the channel, in the form that the published clients read: every field, always; seconds since 1970. */
    private record UsersData(
            String requestId,
            long timestamp,
            boolean isChannelExist,
            int channelProfile,
            int commTotalNum,
            int interactiveUserNum,
            int liveUserNum,
            List<String> userList,
            List<String> interactiveUserList,
            List<String> liveUserList) {

        static UsersData of(ChannelUsers users) {
            return new UsersData(
                    users.requestId(),
                    users.timestamp().getEpochSecond(),
                    users.exists(),
                    users.profile(),
                    users.commTotalNum(),
                    users.interactiveUserNum(),
                    users.liveUserNum(),
                    users.userList(),
                    users.interactiveUserList(),
                    users.liveUserList());
        }
    }
}
