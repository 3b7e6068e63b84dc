package alirtc.appserver.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trace that a request belongs to: that of its caller, or of the proxy before the server, or else a new one.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId names this request within the trace; 16 hexadecimal digits
 * @param flags as the caller sent them; 2 hexadecimal digits
 * @see <a href="https://www.w3.org/TR/trace-context/">Trace Context of the W3C</a>
 */
record TraceContext(String traceId, String spanId, String flags) {
    static final String HEADER = "traceparent";

    private static final String VERSION = "00";
    private static final String NOT_SAMPLED = "00";

    /** A version, the ids of the trace and of the caller's part of it, flags, and what later versions may add. */
    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final Pattern ZERO = Pattern.compile("0+");

    private static final int MAX_LENGTH = 256;

    /** Returns the trace of a request; a new one unless exactly one header of good form names it. */
    static TraceContext of(HttpServletRequest request) {
        var headers = Collections.list(request.getHeaders(HEADER));
        if (headers.size() == 1 && headers.get(0).length() <= MAX_LENGTH) {
            var named = FORM.matcher(headers.get(0));
            if (named.matches() && isValid(named)) {
                return new TraceContext(named.group(2), newId(), named.group(4));
            }
        }
        return new TraceContext(newId() + newId(), newId(), NOT_SAMPLED);
    }

    private static boolean isValid(Matcher named) {
        var version = named.group(1);
        return !version.equals("ff")
                && !(version.equals(VERSION) && named.group(5) != null)
                && !ZERO.matcher(named.group(2)).matches()
                && !ZERO.matcher(named.group(3)).matches();
    }

    /** Returns the header in which the caller is told. */
    String header() {
        return VERSION + "-" + traceId + "-" + spanId + "-" + flags;
    }

    /** Returns 16 digits, of which one is not zero; nobody has to be unable to guess them. */
    private static String newId() {
        long drawn = ThreadLocalRandom.current().nextLong();
        return HexFormat.of().toHexDigits(drawn == 0 ? 1 : drawn);
    }
}
