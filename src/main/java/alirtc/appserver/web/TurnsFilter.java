package alirtc.appserver.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Lets few of the container's threads work on requests at a time, so that callers who send many, or read no answers, do
 * not take all threads and processors from others. Requests beyond wait for their turns without a thread; those for which
 * there is no memory either are refused.
 */
public final class TurnsFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final String HAS_TURN = TurnsFilter.class.getName();
    private static final int LEAST = 16;

    /** What a container holds for a request, with its connection: Tomcat 50 KB, Jetty less. */
    private static final int BYTES_PER_REQUEST = 48 * 1024;

    /** What part of the heap may be for requests that wait at this filter. */
    private static final int HEAP_SHARE = 3;

    private final transient Turns turns;

    /** Builds the filter with as many turns and places as the machine has room for, as the container needs it. */
    public TurnsFilter() {
        this(new Turns(Math.max(LEAST, 2 * Runtime.getRuntime().availableProcessors()), (int)
                Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_SHARE / BYTES_PER_REQUEST)));
    }

    TurnsFilter(Turns turns) {
        this.turns = turns;
    }

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
        } else if (!turns.tryAwait(() -> waiter(request))) {
            ErrorServlet.refuse(
                    request,
                    response,
                    new ApiException(
                            ErrorCode.OVERLOADED,
                            "The server has more requests than it can answer; try again after the time in Retry-After"));
        }
    }

    private static Runnable waiter(HttpServletRequest request) {
        request.setAttribute(HAS_TURN, true);
        return ResponseSender.startAsync(request)::dispatch;
    }
}
