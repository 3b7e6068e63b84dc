package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP answer before it is put on the wire. */
record Reply(int status, Map<String, String> headers, String body) {
    static final String CONTENT_TYPE = "Content-Type";

    Reply {
        headers = Map.copyOf(headers);
    }

    static Reply json(int status, JsonNode body) {
        return new Reply(status, Map.of(CONTENT_TYPE, "application/json;charset=utf-8"), body.toString());
    }

    static Reply text(int status, String type, String body) {
        return new Reply(status, Map.of(CONTENT_TYPE, type + ";charset=utf-8"), body);
    }

    Reply withBody(String other) {
        return new Reply(status, headers, other);
    }

    Reply withHeader(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, body);
    }

    Reply withoutContentType() {
        var fewer = new LinkedHashMap<>(headers);
        fewer.remove(CONTENT_TYPE);
        return new Reply(status, fewer, body);
    }

    /** Returns the status line and the headers, as they go out before a body of that many bytes. */
    byte[] head(long length, boolean keepAlive) {
        var head = new StringBuilder("HTTP/1.1 " + status + " \r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(length).append("\r\n");
        head.append("Connection: ").append(keepAlive ? "keep-alive" : "close").append("\r\n\r\n");
        return head.toString().getBytes(UTF_8);
    }
}
