package alirtc.appserver.web;

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
 * For requests as they come, not for those that the container hands on again.
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
        if (RequestBody.isIn(request)
                && !wantedBy.contains(request.getHttpServletMapping().getServletName())) {
            RequestBody.goOn(request, response, () -> request.getAsyncContext().dispatch());
        } else {
            chain.doFilter(request, response);
        }
    }
}
