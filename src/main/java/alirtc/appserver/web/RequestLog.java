package alirtc.appserver.web;

import alirtc.appserver.metrics.Metrics;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for every request and counts it. What callers send stands in a line only as far as it is letters,
 * digits, dots, underscores and hyphens, and 64 of them at the most, so that nobody can forge a line. Thread-safe.
 */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("requests");
    private static final int MAX_LENGTH = 64;
    private static final long NANOS_PER_TENTH = 100_000;

    private RequestLog() {}

    /**
     * Records a request that was just answered.
     *
     * @param endpoint the servlet that answered; one of few, whatever callers send
     * @param nanos how long that took
     */
    static void answered(String endpoint, HttpServletRequest request, ApiResponse reply, long nanos) {
        ContextParts.find(request.getServletContext(), Metrics.class)
                .ifPresent(metrics -> metrics.request(endpoint, reply.status(), nanos));
        if (LOG.isInfoEnabled()) {
            // Texts alone: to make one of any other value's takes the thread that writes the lines several times as
            // long.
            LOG.atInfo()
                    .addKeyValue("request", reply.requestId())
                    .addKeyValue("endpoint", endpoint)
                    .addKeyValue("channel", clean(new QueryParameters(request.getQueryString()).first("channelId")))
                    .addKeyValue("code", Integer.toString(reply.status()))
                    .addKeyValue("ms", millis(nanos))
                    .addKeyValue("appName", clean(request.getHeader("appName")))
                    .addKeyValue("appVersionCode", clean(request.getHeader("appVersionCode")))
                    .addKeyValue("bundleId", clean(request.getHeader("bundleId")))
                    .log("served");
        }
    }

    /** Returns milliseconds, rounded to a tenth. */
    private static String millis(long nanos) {
        long tenths = (nanos + NANOS_PER_TENTH / 2) / NANOS_PER_TENTH;
        return tenths / 10 + "." + tenths % 10;
    }

    private static String clean(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return "-";
        }
        var clean = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
            char c = text.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            clean.append(allowed || c == '.' || c == '_' || c == '-' ? c : '?');
        }
        return clean.toString();
    }
}
