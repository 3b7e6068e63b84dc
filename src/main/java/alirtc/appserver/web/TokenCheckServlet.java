package alirtc.appserver.web;

import alirtc.appserver.Application;
import alirtc.appserver.auth.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * POST /app/tokenCheck answers whether a token goes with its fields, where the operator switched that on. The token comes
 * in the body, since addresses end up in logs and histories.
 *
 * @see alirtc.appserver.token.TokenVerifier why it may answer this, and no more
 */
public final class TokenCheckServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    static final String PATH = "/app/tokenCheck";

    private static final List<String> METHODS = List.of("POST", "OPTIONS");

    /** What is allowed here. */
    static final String ALLOWED = String.join(", ", METHODS);

    @Override
    List<String> methods() {
        return METHODS;
    }

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller, Application app) {
        var check = app.tokenCheck()
                .orElseThrow(() -> new ApiException(
                        ErrorCode.NOT_FOUND, "The token check is off; the setting rtc.tokenCheck = on switches it on"));
        var claim = new TokenClaimBody(request).claim();
        caller.admitted(claim.channel());
        return CompletableFuture.completedFuture(new Verdict(check.isOurApp(claim), check.isValid(claim)));
    }

    /**
     * What may be told.
     *
     * @param sameApp whether the AppId is this server's
     * @param valid whether the token belongs to all the fields
     */
    private record Verdict(boolean sameApp, boolean valid) {}
}
