package alirtc.appserver.openapi;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the fields of an upstream's answer: what is missing or absurd is never taken for a zero. */
final class ResponseFields {
    /** In the year 2286; far later ones cannot be told in milliseconds. */
    private static final long LATEST_SECOND = 9_999_999_999L;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:=+-]{1,128}");

    private ResponseFields() {}

    static <T> T required(@Nullable T value, String field) throws RtcException {
        if (value == null) {
            throw malformed(field + " is missing");
        }
        return value;
    }

    /** Returns a number that must be there and not be negative. */
    static long count(@Nullable Number value, String field) throws RtcException {
        long number = required(value, field).longValue();
        if (number < 0) {
            throw malformed(field + " is negative");
        }
        return number;
    }

    /** Returns a time that must be there, of whole seconds since the epoch. */
    static Instant time(@Nullable Long seconds, String field) throws RtcException {
        long since = count(seconds, field);
        if (since > LATEST_SECOND) {
            throw malformed(field + " is too far away");
        }
        return Instant.ofEpochSecond(since);
    }

    /** Returns how many there are; a missing number is zero where it may be missing. */
    static int number(@Nullable Integer value, String field, boolean mustBeThere) throws RtcException {
        return value == null && !mustBeThere ? 0 : Math.toIntExact(count(value, field));
    }

    /**
     * Returns a list of names; a missing one is empty where it may be missing. Of each name there is one text, however often
     * it is told: what is known of a call holds it several times.
     */
    static List<String> names(@Nullable List<@Nullable String> list, String field, boolean mustBeThere)
            throws RtcException {
        if (list == null && !mustBeThere) {
            return List.of();
        }
        var names = new ArrayList<String>();
        for (var name : required(list, field)) {
            names.add(required(name, "a name in " + field).intern());
        }
        return names;
    }

    /** Returns an id that must be there; of a form that can stand in a log, and can hold no address. */
    static String id(@Nullable String value, String field) throws RtcException {
        var id = required(value, field);
        if (!ID.matcher(id).matches()) {
            throw malformed(field + " is no id");
        }
        return id;
    }

    private static RtcException malformed(String what) {
        return new RtcException(RtcException.Kind.MALFORMED, "the upstream's answer makes no sense: " + what);
    }
}
