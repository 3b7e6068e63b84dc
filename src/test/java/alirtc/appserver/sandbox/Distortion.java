package alirtc.appserver.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Applies faults to an answer, whatever its action. */
final class Distortion {
    /** How an error body is cut off: inside a string, which careless readers do not survive. */
    private static final String CUT_ERROR = "{\"Code\":\"x";

    private static final String HTML_PAGE =
            "<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>\n";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Distortion() {}

    /** Rejects the request before its parameters are read, if the fault is of that kind. */
    static void reject(Fault fault) throws ApiError {
        switch (fault.kind()) {
            case HTML500 -> throw new ApiError(500, "InternalError", "The request failed for an unknown reason.");
            case JSON503, TRUNCATEDERROR ->
                throw new ApiError(503, "ServiceUnavailable", "The service is unavailable.");
            case THROTTLED -> throw ApiError.throttled();
            case FORBIDDEN -> throw new ApiError(403, "Forbidden.RAM", "User not authorized to operate this resource.");
            default -> {}
        }
    }

    static Reply ofSuccess(ObjectNode answer, Fault fault) {
        return switch (fault.kind()) {
            case WRONGTYPES -> Reply.json(200, mistyped(answer));
            case MISSING -> Reply.json(200, answer.deepCopy().retain("RequestId"));
            case TRUNCATED -> {
                var whole = Reply.json(200, answer);
                yield whole.withBody(whole.body().substring(0, whole.body().length() / 2));
            }
            case NOCONTENTTYPE -> Reply.json(200, answer).withoutContentType();
            default -> Reply.json(200, answer);
        };
    }

    static Reply ofError(int status, ObjectNode error, Fault fault) {
        return switch (fault.kind()) {
            case HTML500 -> Reply.text(status, "text/html", HTML_PAGE);
            case TRUNCATED, TRUNCATEDERROR -> Reply.json(status, error).withBody(CUT_ERROR);
            case NOCONTENTTYPE -> Reply.json(status, error).withoutContentType();
            default -> Reply.json(status, error);
        };
    }

    private static ObjectNode mistyped(ObjectNode answer) {
        var other = JSON.objectNode();
        answer.fieldNames().forEachRemaining(name -> other.set(name, mistyped(answer.path(name))));
        return other;
    }

    private static JsonNode mistyped(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> JSON.textNode("many");
            case BOOLEAN -> JSON.arrayNode();
            case STRING -> JSON.objectNode();
            default -> JSON.numberNode(1);
        };
    }
}
