package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The answer to one request: the only place that writes to a response. */
final class ApiResponse {
    private static final RequestIds IDS = new RequestIds();

    private final String requestId = IDS.next();
    private final boolean withBody;
    private final HttpServletResponse response;
    private int status;

    ApiResponse(HttpServletRequest request, HttpServletResponse response) {
        this.withBody = !"HEAD".equals(request.getMethod());
        this.response = response;
    }

    String requestId() {
        return requestId;
    }

    /** Returns the status of the answer, once it is given. */
    int status() {
        return status;
    }

    void succeed(Object data) throws IOException {
        write(200, Envelope.success(requestId, data));
    }

    void fail(ApiException failure) throws IOException {
        failure.retryAfterSeconds().ifPresent(seconds -> response.setHeader("Retry-After", Long.toString(seconds)));
        failure.challenge().ifPresent(challenge -> response.setHeader("WWW-Authenticate", challenge));
        fail(failure.code().status(), failure.getMessage() == null ? "" : failure.getMessage());
    }

    void fail(int status, String message) throws IOException {
        write(status, Envelope.failure(requestId, status, message));
    }

    private void write(int status, String json) throws IOException {
        this.status = status;
        // By way of a text: a half of a surrogate pair, which the upstream may send, is then a question mark and no
        // failure.
        byte[] body = json.getBytes(UTF_8);
        response.setStatus(status);
        response.setHeader("X-Request-Id", requestId);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType("application/json;charset=UTF-8");
        response.setContentLength(body.length);
        if (withBody) {
            response.getOutputStream().write(body);
        }
    }
}
