package alirtc.appserver.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * Hands on a request whose body nobody wants once that has come, and refuses one whose body is too long or does not come.
 * The parameter {@code wantedBy} has the names of the servlets that read bodies themselves.
 */
public final class UnwantedBodyFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private Set<String> wantedBy = Set.of();

    @Override
    public void init(FilterConfig config) throws ServletException {
        super.init(config);
        wantedBy = Set.of(config.getInitParameter("wantedBy").split(" ", -1));
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getDispatcherType() == DispatcherType.REQUEST
                && RequestBody.isIn(request)
                && !wantedBy.contains(request.getHttpServletMapping().getServletName())) {
            var async = ResponseSender.startAsync(request);
            // The stages send the answer, or have the request come back; they have no result of their own.
            var unused = RequestBody.come(request).whenComplete((come, failure) -> {
                if (failure == null) {
                    async.dispatch();
                } else {
                    ErrorServlet.refuse(request, response, ApiException.of(failure));
                }
            });
        } else {
            chain.doFilter(request, response);
        }
    }
}
