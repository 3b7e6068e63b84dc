package alirtc.appserver.web;

import alirtc.appserver.config.AccessConfig;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * Tells browsers which web pages of other origins may call and read the answers, errors too. It is silent unless the
 * operator names some. A JWT comes in a header that the page's script sets, so that cookies are never asked for.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">the Fetch standard</a>
 */
public final class CorsFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final String METHODS = "GET, HEAD, POST";
    private static final String REQUEST_HEADERS =
            "Authorization, Content-Type, appName, appVersionCode, bundleId, traceparent";
    private static final String RESPONSE_HEADERS = "X-Request-Id, Retry-After, WWW-Authenticate, traceparent";
    private static final String SECONDS_TO_REMEMBER = "3600";

    /** What other pages may not read in the browser of somebody who may. */
    private static final Set<String> FOR_THE_PAGE_ALONE = Set.of("/app/overview", "/app/connect");

    private transient Set<String> origins = Set.of();

    @Override
    public void init() {
        origins =
                ContextParts.require(getServletContext(), AllowedOrigins.class).origins();
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!origins.isEmpty() && !FOR_THE_PAGE_ALONE.contains(request.getServletPath())) {
            setHeaders(request, response);
        }
        chain.doFilter(request, response);
    }

    private void setHeaders(HttpServletRequest request, HttpServletResponse response) {
        var any = origins.contains(AccessConfig.ANY_ORIGIN);
        if (!any) {
            response.setHeader("Vary", "Origin");
        }
        var origin = request.getHeader("Origin");
        if (origin == null || !(any || origins.contains(origin))) {
            return;
        }
        response.setHeader("Access-Control-Allow-Origin", any ? AccessConfig.ANY_ORIGIN : origin);
        if ("OPTIONS".equals(request.getMethod()) && request.getHeader("Access-Control-Request-Method") != null) {
            response.setHeader("Access-Control-Allow-Methods", METHODS);
            response.setHeader("Access-Control-Allow-Headers", REQUEST_HEADERS);
            response.setHeader("Access-Control-Max-Age", SECONDS_TO_REMEMBER);
        } else {
            response.setHeader("Access-Control-Expose-Headers", RESPONSE_HEADERS);
        }
    }
}
