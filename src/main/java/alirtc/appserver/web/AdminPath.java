package alirtc.appserver.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;

/**
 * What of a request's path comes after the servlet's own, as the container decodes it.
 *
 * @param parts what is between the slashes; empty if there is nothing
 */
record AdminPath(List<String> parts) {

    static AdminPath of(HttpServletRequest request) {
        var path = request.getPathInfo();
        return new AdminPath(
                path == null
                        ? List.of()
                        : Arrays.stream(path.split("/", -1)).skip(1).toList());
    }

    /** Returns whether it is the servlet's own path. */
    boolean isRoot() {
        return parts.isEmpty();
    }

    /** Returns whether it names one thing below that. */
    boolean isItem() {
        return parts.size() == 1 && !parts.get(0).isEmpty();
    }
}
