package alirtc.appserver.web;

import alirtc.appserver.Application;
import alirtc.appserver.auth.Caller;
import alirtc.appserver.rtc.ChannelId;
import alirtc.appserver.rtc.ChannelUsers;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** GET /app/descChannelUsers?channelId= answers who is in the channel. */
public final class ChannelUsersServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller, Application app) {
        var channel = caller.admitted(new Query(request.getQueryString()).required("channelId", ChannelId::new));
        return app.presence().users(channel).thenApply(UsersData::of);
    }

    /** The upstream's answer in the form that the published clients read: every field, always. */
    private record UsersData(
            String requestId,
            long timestamp,
            @JsonProperty("isChannelExist") boolean exists,
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
