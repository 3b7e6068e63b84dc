package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** The answer to one request: first given, then sent. */
final class ApiResponse {
    private static final RequestIds IDS = new RequestIds();
    private static final byte[] NOTHING = {};

    private final String requestId = IDS.next();
    private final TraceContext trace;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private int status;
    private byte[] body = NOTHING;

    ApiResponse(HttpServletRequest request, HttpServletResponse response) {
        this.trace = TraceContext.of(request);
        this.request = request;
        this.response = response;
    }

    String requestId() {
        return requestId;
    }

    /** Returns the trace that the request belongs to. */
    TraceContext trace() {
        return trace;
    }

    /** Returns the status of the answer, once it is given. */
    int status() {
        return status;
    }

    ApiResponse succeed(Object data) {
        return give(200, Envelope.success(requestId, data));
    }

    ApiResponse fail(ApiException failure) {
        failure.retryAfterSeconds().ifPresent(seconds -> response.setHeader("Retry-After", Long.toString(seconds)));
        response.setHeader("X-Error-Reason", failure.reason());
        failure.challenge().ifPresent(challenge -> response.setHeader("WWW-Authenticate", challenge));
        return fail(failure.code().status(), failure.getMessage() == null ? "" : failure.getMessage());
    }

    ApiResponse fail(int status, String message) {
        return give(status, Envelope.failure(requestId, status, message));
    }

    private ApiResponse give(int status, String json) {
        this.status = status;
        // By way of a text: a half of a surrogate pair, which the upstream may send, is then a question mark and no
        // failure.
        this.body = json.getBytes(UTF_8);
        return this;
    }

    /** Sends the answer; the request may then be over, and nothing may be asked of it. */
    void send() {
        response.setStatus(status);
        response.setHeader("X-Request-Id", requestId);
        response.setHeader(TraceContext.HEADER, trace.header());
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType("application/json;charset=UTF-8");
        response.setContentLength(body.length);
        if ("HTTP/1.1".equals(request.getProtocol()) && RequestBody.isGivenUp(request)) {
            // Or a caller may send its next request while the container closes.
            response.setHeader("Connection", "close");
        }
        ResponseSender.send(request, response, "HEAD".equals(request.getMethod()) ? NOTHING : body);
    }
}
