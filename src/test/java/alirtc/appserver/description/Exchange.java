package alirtc.appserver.description;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A request below the context's path and its answer.
 *
 * @param target path and query, as they were sent
 * @param headers of the answer; found by their names whatever their case
 * @param body of the answer
 */
public record Exchange(String method, String target, int status, Map<String, List<String>> headers, String body) {
    /** What RFC 3986 allows, and no container refuses. */
    private static final Pattern PLAIN =
            Pattern.compile("/[A-Za-z0-9._/-]*+(\\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]++|%[0-9A-Fa-f]{2})*+)?");

    private static final int MAX_PLAIN_LENGTH = 4096;

    /** Copies the headers. */
    public Exchange {
        var byName = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        headers = byName;
    }

    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Returns whether no container has a reason to refuse the request before it reaches the application. */
    boolean isPlain() {
        return target.length() <= MAX_PLAIN_LENGTH && PLAIN.matcher(target).matches() && !path().contains("..");
    }

    /** Returns the media type without its parameters; empty if there is none. */
    String mediaType() {
        return String.join(",", headers.getOrDefault("Content-Type", List.of()))
                .replaceFirst(" *;.*", "")
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return method + " " + target + ": " + status + " " + headers + " " + body;
    }
}
