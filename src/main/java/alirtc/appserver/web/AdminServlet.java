package alirtc.appserver.web;

import alirtc.appserver.auth.AccessControl;
import alirtc.appserver.auth.AdminAccess;
import alirtc.appserver.auth.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A route of the operator's backend, which proves itself by a secret. Where the operator has set none, nothing is here. No
 * JWT is asked for, and no rate is counted but that of wrong secrets.
 */
abstract class AdminServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    /** Returns whether there is a route of this path. */
    abstract boolean isRoute(AdminPath path);

    /** Returns the answer's data, now or later; fails as {@link JsonServlet#answer} does. */
    abstract CompletableFuture<?> answer(HttpServletRequest request, AdminPath path, Actor who);

    @Override
    final boolean isHere(HttpServletRequest request) {
        return ContextParts.find(request.getServletContext(), AdminAccess.class).isPresent()
                && isRoute(AdminPath.of(request));
    }

    @Override
    final Optional<AccessControl> access(HttpServletRequest request) {
        return Optional.empty();
    }

    @Override
    final CompletableFuture<?> answer(HttpServletRequest request, Caller caller) {
        var client = ContextParts.require(request.getServletContext(), AdminAccess.class)
                .admit(attributes(request));
        return answer(request, AdminPath.of(request), Actor.of(client, request));
    }

    /** Returns how many are to be listed. */
    static int limit(QueryParameters query) {
        return query.optional("limit", AdminServlet::limit).orElse(DEFAULT_LIMIT);
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException("limit must be a whole number from 1 to " + MAX_LIMIT);
    }

    /** Returns a part of the path as the type that knows its form. */
    static <T> T named(String part, Function<String, T> type) {
        try {
            return type.apply(part);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorCode.BAD_PARAMETER, String.valueOf(e.getMessage()));
        }
    }

    /** Returns methods as they are allowed, with OPTIONS. */
    static List<String> withOptions(String... methods) {
        return List.of((String.join(" ", methods) + " OPTIONS").split(" ", -1));
    }
}
