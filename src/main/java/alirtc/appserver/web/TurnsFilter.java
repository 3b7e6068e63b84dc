package alirtc.appserver.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Lets few of the container's threads work on requests at a time, so that callers who send many, or read no answers, do
 * not take all threads and processors from others. Requests beyond wait for their turns without a thread.
 */
public final class TurnsFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final String HAS_TURN = TurnsFilter.class.getName();
    private static final int LEAST = 16;

    private final transient Turns turns =
            new Turns(Math.max(LEAST, 2 * Runtime.getRuntime().availableProcessors()));

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        // The container comes back with a request that has waited, and has its turn.
        boolean waited = request.getAttribute(HAS_TURN) != null;
        if (waited || turns.tryTake()) {
            request.removeAttribute(HAS_TURN);
            try {
                chain.doFilter(request, response);
            } finally {
                turns.giveBack();
            }
        } else {
            request.setAttribute(HAS_TURN, true);
            turns.await(ResponseSender.startAsync(request)::dispatch);
        }
    }
}
