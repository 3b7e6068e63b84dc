package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.auth.AccessControl;
import alirtc.appserver.auth.Caller;
import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.EventMessage;
import alirtc.appserver.openapi.MalformedEventException;
import jakarta.servlet.http.HttpServletRequest;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * POST /events/SECRET takes in what the cloud tells of its own accord, and answers once that is done. To whoever does not
 * know the secret, nothing is here.
 */
public final class EventsServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    private static final List<String> METHODS = List.of("POST");

    /** Compares in a time that does not tell how much of the secret is right. */
    @Override
    boolean isHere(HttpServletRequest request) {
        var path = request.getPathInfo();
        return path != null
                && ContextParts.find(request.getServletContext(), EventReceiver.class)
                        .filter(receiver -> MessageDigest.isEqual(
                                ("/" + receiver.secret().value()).getBytes(UTF_8), path.getBytes(UTF_8)))
                        .isPresent();
    }

    @Override
    boolean takesBody() {
        return true;
    }

    @Override
    List<String> methods(HttpServletRequest request) {
        return METHODS;
    }

    /** Returns nothing: the cloud proves itself by the secret, and may tell as much as there is to tell. */
    @Override
    Optional<AccessControl> access(HttpServletRequest request) {
        return Optional.empty();
    }

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller) {
        var receiver = ContextParts.require(request.getServletContext(), EventReceiver.class);
        return RequestBody.read(request, EventMessage.MAX_BYTES, ErrorCode.TOO_LARGE)
                .thenCompose(body -> taken(receiver, message(body)));
    }

    private static CompletableFuture<Taken> taken(EventReceiver receiver, EventMessage message) {
        var events = message.appId().equals(receiver.appId()) ? message.events() : List.<ChannelEvent>of();
        var taken = new Taken(events.size());
        return events.isEmpty()
                ? CompletableFuture.completedFuture(taken)
                : receiver.inbox().apply(events).thenApply(done -> taken);
    }

    private static EventMessage message(byte[] body) {
        try {
            return EventMessage.parse(body);
        } catch (MalformedEventException e) {
            throw new ApiException(ErrorCode.BAD_PARAMETER, String.valueOf(e.getMessage()));
        }
    }

    /**
     * What the cloud is told, which reads the status alone.
     *
     * @param events how many events of the message were of use
     */
    private record Taken(int events) {}
}
