package alirtc.appserver.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * {@code CreateEventSubscribe} and {@code DeleteEventSubscribe} of the RTC OpenAPI. {@code Role} and
 * {@code NeedCallbackAuth} are accepted without effect: messages are of all roles, and unsigned. The error codes are the
 * sandbox's own choice. Thread-safe.
 *
 * @see <a href="https://help.aliyun.com/document_detail/274447.html">CreateEventSubscribe</a>
 */
final class RtcSubscriptionActions {
    private static final int MAX_EVENTS = 16;
    private static final int MAX_USERS = 64;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Subscriptions subscriptions;

    RtcSubscriptionActions(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    /** Subscribes once for each ClientToken: whatever else a later request says, it is answered with the first's id. */
    ObjectNode create(HttpRequest request) throws ApiError {
        var clientToken = RtcDialect.required(request, "ClientToken");
        RtcDialect.required(request, "CallbackUrl");
        var terms = SubscriptionTerms.read(request)
                .filter(one -> one.events().size() <= MAX_EVENTS && one.users().size() <= MAX_USERS)
                .orElseThrow(() -> new ApiError(400, "request.illegalparam", "A parameter is not valid."));
        return JSON.objectNode().put("SubscribeId", subscriptions.createOnce(clientToken, terms));
    }

    ObjectNode delete(HttpRequest request) throws ApiError {
        if (!subscriptions.delete(RtcDialect.required(request, "SubscribeId"))) {
            throw new ApiError(404, "Subscribe.NotExist", "The subscription does not exist.");
        }
        return JSON.objectNode();
    }
}
