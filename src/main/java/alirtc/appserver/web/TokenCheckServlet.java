package alirtc.appserver.web;

import alirtc.appserver.auth.Caller;
import alirtc.appserver.token.TokenVerifier;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * POST /app/tokenCheck answers whether a token is valid for its fields, where the operator switched that on. The token comes
 * in the body, since addresses end up in logs and histories.
 *
 * @see TokenVerifier why it may answer this, and no more
 */
public final class TokenCheckServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    static final String PATH = "/app/tokenCheck";

    private static final List<String> METHODS = List.of("POST", "OPTIONS");

    /** What is allowed here. */
    static final String ALLOWED = String.join(", ", METHODS);

    @Override
    boolean takesBody() {
        return true;
    }

    @Override
    List<String> methods(HttpServletRequest request) {
        return METHODS;
    }

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller) {
        var verifier = ContextParts.find(getServletContext(), TokenVerifier.class)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.NOT_FOUND, "The token check is off; the setting rtc.tokenCheck = on switches it on"));
        return TokenClaimBody.read(request).thenApply(claim -> {
            caller.admitted(claim.channel());
            return new Verdict(verifier.isOurApp(claim), verifier.isValid(claim));
        });
    }

    /**
     * What may be told.
     *
     * @param sameApp whether the AppId is this server's
     * @param valid whether the token belongs to all the fields
     */
    private record Verdict(boolean sameApp, boolean valid) {}
}
