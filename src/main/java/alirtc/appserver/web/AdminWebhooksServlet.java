package alirtc.appserver.web;

import alirtc.appserver.records.Outbox;
import alirtc.appserver.records.Outbox.Message;
import alirtc.appserver.time.SteadyClock;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * GET /admin/webhooks answers which messages to the operator's receiver wait, and which were given up; POST
 * /admin/webhooks/ID has one of these sent again.
 */
public final class AdminWebhooksServlet extends AdminServlet {
    private static final long serialVersionUID = 1L;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    @Override
    boolean isRoute(AdminPath path) {
        return path.isRoot() || path.isItem();
    }

    @Override
    List<String> methods(HttpServletRequest request) {
        return AdminPath.of(request).isItem() ? withOptions("POST") : withOptions("GET", "HEAD");
    }

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, AdminPath path, Actor who) {
        var query = new QueryParameters(request.getQueryString());
        var archive = ContextParts.find(request.getServletContext(), CallArchive.class);
        var outbox = archive.flatMap(CallArchive::outbox)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.CONFLICT, "No webhooks are sent; the setting webhooks.url says where to"));
        if (path.isItem()) {
            query.allowOnly();
            return resent(outbox, named(path.parts().get(0), AdminWebhooksServlet::id), who);
        }
        query.allowOnly("limit");
        int limit = limit(query);
        var clock = archive.get().clock();
        return outbox.waiting(limit)
                .thenCombine(
                        outbox.givenUp(limit), (waiting, givenUp) -> WebhooksData.of(outbox, waiting, givenUp, clock));
    }

    private static String id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new IllegalArgumentException("The id of a message must be 1-128 of A-Z a-z 0-9 _ -");
        }
        return text;
    }

    private static CompletableFuture<?> resent(Outbox outbox, String id, Actor who) {
        return who.acts(
                        "Webhook sent again by the operator",
                        Map.of("id", id),
                        outbox.resend(id),
                        found -> found ? "waiting" : "unknown")
                .thenApply(found -> {
                    if (!found) {
                        throw new ApiException(ErrorCode.NOT_FOUND, "No message of this id was given up");
                    }
                    return new ResentData(id);
                });
    }

    /**
     * The messages that are not delivered.
     *
     * @param waitingCount how many wait, be they listed or not
     * @param givenUpCount how many were given up, be they listed or not
     * @param waiting the earliest first
     * @param givenUp the latest first
     */
    private record WebhooksData(
            long waitingCount, long givenUpCount, List<MessageData> waiting, List<MessageData> givenUp) {

        static WebhooksData of(Outbox outbox, List<Message> waiting, List<Message> givenUp, SteadyClock clock) {
            var counts = outbox.counts();
            return new WebhooksData(
                    counts.waiting(),
                    counts.givenUp(),
                    waiting.stream()
                            .map(message -> MessageData.of(message, clock))
                            .toList(),
                    givenUp.stream()
                            .map(message -> MessageData.of(message, clock))
                            .toList());
        }
    }

    /**
     * A message, without what it says.
     *
     * @param attempts how many failed
     */
    private record MessageData(String id, String type, String callId, int seq, long createdAtMillis, int attempts) {

        static MessageData of(Message message, SteadyClock clock) {
            return new MessageData(
                    message.id(),
                    message.type(),
                    message.callId(),
                    message.seq(),
                    clock.toWall(message.createdAt()).toEpochMilli(),
                    message.attempts());
        }
    }

    /**
     * What came of the wish to send a message again.
     *
     * @param id the message, which waits now
     */
    private record ResentData(String id) {}
}
