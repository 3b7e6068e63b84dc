package alirtc.appserver.web;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What every answer is wrapped in. The published iOS client takes any {@code data} for success and dies of a null
 * message, so that failures carry no data and messages are never null.
 *
 * @param result {@code "true"} or {@code "false"}
 * @param requestId names the request, here and in the log
 * @param message what went wrong; empty on success
 * @param code the HTTP status
 * @param data the answer; none on failure
 */
record Envelope(
        String result,
        String requestId,
        String message,
        String code,
        @Nullable Object data) implements Json {

    static Envelope success(String requestId, Object data) {
        return new Envelope("true", requestId, "", "200", data);
    }

    static Envelope failure(String requestId, int status, String message) {
        return new Envelope("false", requestId, message, Integer.toString(status), null);
    }

    @Override
    public void serialize(JsonGenerator json, SerializerProvider serializers) throws IOException {
        json.writeStartObject();
        json.writeStringField("result", result);
        json.writeStringField("requestId", requestId);
        json.writeStringField("message", message);
        json.writeStringField("code", code);
        if (data != null) {
            serializers.defaultSerializeField("data", data, json);
        }
        json.writeEndObject();
    }
}
