package alirtc.appserver.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/**
 * Answers what the container's servlet for files refuses, and sends files, before the request's turn is over: containers
 * would do either later, on threads that nobody counts.
 */
public final class FileErrorsFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var refusal = new Refusal(response);
        chain.doFilter(request, refusal);
        if (refusal.status == 0) {
            response.flushBuffer();
        } else {
            ErrorServlet.answer(request, response, refusal.status);
        }
    }

    /** Keeps the status of an error from the container. */
    private static final class Refusal extends HttpServletResponseWrapper {
        private int status;

        private Refusal(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void sendError(int code) {
            status = code;
        }

        @Override
        public void sendError(int code, String message) {
            status = code;
        }
    }
}
