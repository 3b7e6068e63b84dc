package alirtc.appserver.web;

import alirtc.appserver.lifecycle.Moderation;
import alirtc.appserver.lifecycle.ModerationResult;
import alirtc.appserver.overview.CallList;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * GET /admin/calls answers which calls are live, GET /admin/calls/CHANNEL what is known of a channel; DELETE
 * /admin/calls/CHANNEL ends its call, and DELETE /admin/calls/CHANNEL/users/USER puts a user out of it.
 */
public final class AdminCallsServlet extends AdminServlet {
    private static final long serialVersionUID = 1L;

    private static final String DELETE = "DELETE";

    @Override
    boolean isRoute(AdminPath path) {
        return path.isRoot() || path.isItem() || isOfUser(path);
    }

    private static boolean isOfUser(AdminPath path) {
        return path.parts().size() == 3 && path.parts().get(1).equals("users");
    }

    @Override
    List<String> methods(HttpServletRequest request) {
        var path = AdminPath.of(request);
        return isOfUser(path)
                ? withOptions(DELETE)
                : path.isItem() ? withOptions("GET", "HEAD", DELETE) : withOptions("GET", "HEAD");
    }

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, AdminPath path, Actor who) {
        var query = new QueryParameters(request.getQueryString());
        if (path.isRoot()) {
            return list(request, query);
        }
        var channel = named(path.parts().get(0), ChannelId::new);
        if (isOfUser(path)) {
            return removed(request, query, channel, named(path.parts().get(2), UserId::new), who);
        }
        return request.getMethod().equals(DELETE)
                ? ended(request, query, channel, who)
                : details(request, query, channel);
    }

    private static CompletableFuture<?> list(HttpServletRequest request, QueryParameters query) {
        query.allowOnly("limit", "after");
        var after = query.optional("after", CallCursor::parse);
        var calls = ContextParts.require(request.getServletContext(), CallList.class);
        return calls.page(after, limit(query)).thenApply(page -> AdminCallData.list(page, calls.clock()));
    }

    private static CompletableFuture<?> details(HttpServletRequest request, QueryParameters query, ChannelId channel) {
        query.allowOnly();
        var calls = ContextParts.require(request.getServletContext(), CallList.class);
        return calls.find(channel)
                .thenApply(found -> AdminCallData.details(
                        found.orElseThrow(() -> new ApiException(
                                ErrorCode.NOT_FOUND, "Nothing is known of channel " + channel.value())),
                        calls.clock()));
    }

    private static CompletableFuture<?> ended(
            HttpServletRequest request, QueryParameters query, ChannelId channel, Actor who) {
        var bar = bar(query);
        return who.acts(
                        "Call ended by the operator",
                        Map.of("channel", channel.value(), "for", words(bar)),
                        moderation(request).endCall(channel, bar).thenApply(AdminCallsServlet::done),
                        result -> result.found() ? "ended" : "none_known")
                .thenApply(result -> new EndedData(channel.value(), result.found(), millis(result)));
    }

    private static CompletableFuture<?> removed(
            HttpServletRequest request, QueryParameters query, ChannelId channel, UserId user, Actor who) {
        var bar = bar(query);
        return who.acts(
                        "User put out by the operator",
                        Map.of("channel", channel.value(), "user", user.value(), "for", words(bar)),
                        moderation(request).removeUser(channel, user, bar).thenApply(AdminCallsServlet::done),
                        result -> result.found() ? "removed" : "not_there")
                .thenApply(result -> new RemovedData(channel.value(), user.value(), result.found(), millis(result)));
    }

    private static Moderation moderation(HttpServletRequest request) {
        return ContextParts.require(request.getServletContext(), Moderation.class);
    }

    private static ModerationResult done(ModerationResult result) {
        return switch (result.verdict()) {
            case DONE -> result;
            case TOO_MANY_BARS ->
                throw new ApiException(
                        ErrorCode.CONFLICT,
                        "So many users of the channel are barred that no more can be; bar the channel");
            case REGISTRY_FULL ->
                throw new ApiException(
                        ErrorCode.REGISTRY_FULL,
                        "The server has no room to remember the bar; try again after the time in Retry-After",
                        Duration.ofSeconds(5));
        };
    }

    private static Optional<Duration> bar(QueryParameters query) {
        query.allowOnly("for");
        return query.optional("for", BarDuration::parse);
    }

    private static String words(Optional<Duration> bar) {
        return bar.map(time -> time.toSeconds() + "s").orElse("-");
    }

    private static @Nullable Long millis(ModerationResult result) {
        return result.barredUntil().map(Instant::toEpochMilli).orElse(null);
    }

    /**
     * What came of the end of a call.
     *
     * @param ended whether a live call was known in the channel
     * @param barredUntilMillis from when on tokens are issued again; null if they are
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record EndedData(
            String channel, boolean ended, @Nullable Long barredUntilMillis) {}

    /**
     * What came of the removal of a user.
     *
     * @param removed whether the user was in the channel
     * @param barredUntilMillis from when on tokens are issued for the user again; null if they are
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record RemovedData(
            String channel,
            String user,
            boolean removed,
            @Nullable Long barredUntilMillis) {}
}
