package alirtc.appserver.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * What every answer is wrapped in. The published iOS client takes any {@code data} for success and dies of a null
 * message, so failures carry no data and messages are never null.
 *
 * @param result {@code "true"} or {@code "false"}
 * @param requestId names the request here and in the log
 * @param message what went wrong; empty on success
 * @param code the HTTP status as a text
 * @param data the answer; null on failure, and then left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Envelope(
        String result,
        String requestId,
        String message,
        String code,
        @Nullable Object data) {
    private static final ObjectWriter WRITER = JsonMapper.builder().build().writerFor(Envelope.class);

    /** Returns the JSON of a success, its fields in the order in which the records declare them. */
    static String success(String requestId, Object data) {
        return json(new Envelope("true", requestId, "", "200", data));
    }

    /** Returns the JSON of a failure. */
    static String failure(String requestId, int status, String message) {
        return json(new Envelope("false", requestId, message, Integer.toString(status), null));
    }

    private static String json(Envelope envelope) {
        try {
            return WRITER.writeValueAsString(envelope);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer is not fit for JSON", e);
        }
    }
}
