package alirtc.appserver.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What every answer is wrapped in: {@code result}, {@code "true"} or {@code "false"}; {@code requestId}, which names the
 * request here and in the log; {@code message}, what went wrong; {@code code}, the HTTP status as a text; {@code data},
 * the answer. The published iOS client takes any {@code data} for success and dies of a null message, so that failures
 * carry no data and messages are never null.
 */
final class Envelope {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Envelope() {}

    /** Returns the JSON of a success. */
    static String success(String requestId, Object data) throws JsonProcessingException {
        var answer = data instanceof Json known ? known.json() : MAPPER.writeValueAsString(data);
        return "{\"result\":\"true\",\"requestId\":\"" + requestId + "\",\"message\":\"\",\"code\":\"200\",\"data\":"
                + answer + "}";
    }

    /** Returns the JSON of a failure. */
    static String failure(String requestId, int status, String message) {
        return "{\"result\":\"false\",\"requestId\":\"" + requestId + "\",\"message\":" + Json.quoted(message)
                + ",\"code\":\"" + status + "\"}";
    }
}
