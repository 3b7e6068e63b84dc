package alirtc.appserver.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers in the envelope what no other servlet answers: unknown paths, and what the container itself refuses. */
public final class ErrorServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(ErrorServlet.class);

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        answer(request, response, status);
    }

    /** Answers a request that no other servlet answers. */
    static void answer(HttpServletRequest request, HttpServletResponse response, int status) {
        long cameAt = System.nanoTime();
        var reply = new ApiResponse(request, response);
        if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable failure && status >= 500) {
            LOG.error("Request {} failed in the container", reply.requestId(), failure);
        }
        if (status == HttpServletResponse.SC_METHOD_NOT_ALLOWED) {
            // Tomcat refuses TRACE by itself, and guesses the methods from those that a servlet's class overrides.
            response.setHeader("Allow", allowed(request));
        }
        reply.fail(status, message(status));
        RequestLog.answered("other", request, reply, System.nanoTime() - cameAt);
        reply.send();
    }

    /** Refuses a request before it is known what it is for. */
    static void refuse(HttpServletRequest request, HttpServletResponse response, ApiException failure) {
        long cameAt = System.nanoTime();
        var reply = new ApiResponse(request, response).fail(failure);
        RequestLog.answered("other", request, reply, System.nanoTime() - cameAt);
        reply.send();
    }

    private static String allowed(HttpServletRequest request) {
        return request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri
                        && uri.endsWith(TokenCheckServlet.PATH)
                ? TokenCheckServlet.ALLOWED
                : JsonServlet.ALLOWED;
    }

    private static String message(int status) {
        return switch (status) {
            case 404 ->
                "Nothing is here; the server answers /app/token, /app/descChannelUsers and "
                        + "/app/descChannelStartTime";
            case 405 -> "The method is not allowed here";
            default ->
                status < 500
                        ? "The request cannot be understood (HTTP " + status + ")"
                        : "The server failed; its log tells why";
        };
    }
}
