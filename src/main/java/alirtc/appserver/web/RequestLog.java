package alirtc.appserver.web;

import alirtc.appserver.metrics.Metrics;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line for every request and counts it. What callers send stands in a line as {@link LogText} has it. Thread-safe. */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("requests");
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
                    .addKeyValue(
                            "channel", LogText.ascii(new QueryParameters(request.getQueryString()).first("channelId")))
                    .addKeyValue("code", Integer.toString(reply.status()))
                    .addKeyValue("ms", millis(nanos))
                    .addKeyValue("trace", reply.trace().traceId())
                    .addKeyValue("appName", LogText.decoded(request.getHeader("appName")))
                    .addKeyValue("appVersionCode", LogText.ascii(request.getHeader("appVersionCode")))
                    .addKeyValue("bundleId", LogText.ascii(request.getHeader("bundleId")))
                    .log("served");
        }
    }

    /** Returns milliseconds, rounded to a tenth. */
    private static String millis(long nanos) {
        long tenths = (nanos + NANOS_PER_TENTH / 2) / NANOS_PER_TENTH;
        return tenths / 10 + "." + tenths % 10;
    }
}
