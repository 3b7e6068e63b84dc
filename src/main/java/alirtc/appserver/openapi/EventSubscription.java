package alirtc.appserver.openapi;

import com.aliyuncs.AcsResponse;
import java.net.URI;
import java.util.List;

/** What the server subscribes to, in the words that both products share. */
final class EventSubscription {
    /** Channels that open and close, and users who come and go. */
    static final List<String> EVENTS = List.of("ChannelEvent", "UserEvent");

    private EventSubscription() {}

    /** Returns the request with the events, and where they are to be told. */
    static <T extends AcsResponse> ActionRequest<T> terms(ActionRequest<T> request, URI callback) {
        var terms = request.with("CallbackUrl", callback.toString());
        for (int i = 0; i < EVENTS.size(); i++) {
            terms = terms.with("Events." + (i + 1), EVENTS.get(i));
        }
        return terms;
    }
}
