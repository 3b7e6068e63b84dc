package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request: those in its address alone, read by ourselves, since containers differ over broken
 * percent signs and mix in the body's.
 */
final class QueryParameters {
    private final String raw;

    QueryParameters(@Nullable String raw) {
        this.raw = raw == null ? "" : raw;
    }

    /**
     * Returns the one value of a parameter, as the type that knows its form.
     *
     * @throws ApiException if it is missing, repeated, broken, or not of that form
     */
    <T> T required(String name, Function<String, T> type) {
        try {
            var values = values(name);
            if (values.isEmpty()) {
                throw new IllegalArgumentException(name + " is missing; send ?" + name + "=...");
            }
            if (values.size() > 1) {
                throw new IllegalArgumentException(name + " must be given once");
            }
            return type.apply(values.get(0));
        } catch (IllegalArgumentException e) {
            throw new ApiException(
                    ErrorCode.BAD_PARAMETER, e.getMessage() == null ? name + " is wrong" : e.getMessage());
        }
    }

    /**
     * Returns the value of a parameter, as the type that knows its form, if it is there.
     *
     * @throws ApiException if it is repeated, broken, or not of that form
     */
    <T> Optional<T> optional(String name, Function<String, T> type) {
        return isGiven(name) ? Optional.of(required(name, type)) : Optional.empty();
    }

    private boolean isGiven(String name) {
        return names().contains(name);
    }

    /**
     * Requires that there are no parameters but certain ones: where something is done, a name that is misspelt must not be
     * taken for none.
     *
     * @throws ApiException if there are others
     */
    void allowOnly(String... allowed) {
        if (!List.of(allowed).containsAll(names())) {
            throw new ApiException(
                    ErrorCode.BAD_PARAMETER,
                    allowed.length == 0
                            ? "No parameters are taken here"
                            : "The parameters here are " + String.join(", ", allowed));
        }
    }

    private Set<String> names() {
        var names = new LinkedHashSet<String>();
        for (var pair : pairs()) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                names.add(decoded(equals < 0 ? pair : pair.substring(0, equals)));
            }
        }
        return names;
    }

    /** Returns a text; as it was sent, if it is broken. */
    private static String decoded(String text) {
        try {
            return decoded(text, text);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Returns the first value of a parameter as it was sent, not decoded, if there is one. */
    @Nullable
    String first(String name) {
        for (var pair : pairs()) {
            if (pair.length() > name.length() && pair.startsWith(name) && pair.charAt(name.length()) == '=') {
                return pair.substring(name.length() + 1);
            }
        }
        return null;
    }

    private List<String> values(String name) {
        var values = new ArrayList<String>(1);
        for (var pair : pairs()) {
            int equals = pair.indexOf('=');
            var key = equals < 0 ? pair : pair.substring(0, equals);
            if (decoded(key, name).equals(name)) {
                values.add(equals < 0 ? "" : decoded(pair.substring(equals + 1), name));
            }
        }
        return values;
    }

    private String[] pairs() {
        return raw.split("&", -1);
    }

    private static String decoded(String text, String name) {
        try {
            return text.indexOf('%') < 0 && text.indexOf('+') < 0 ? text : URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the query beside " + name + " holds a broken % escape", e);
        }
    }
}
