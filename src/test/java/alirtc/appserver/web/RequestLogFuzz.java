package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/** Nothing that callers send stands in the line of a request but plain words. Of an input each line is one of the texts. */
public final class RequestLogFuzz {
    private static final String[] HEADERS = {"appName", "appVersionCode", "bundleId", "traceparent"};
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._?-]{1,64}");
    private static final Pattern LETTERS = Pattern.compile("[\\p{L}0-9._?-]{1,64}");
    private static final HttpServletResponse NO_RESPONSE =
            GivenRequest.proxy(HttpServletResponse.class, (self, method, args) -> null);

    private RequestLogFuzz() {}

    /** Loads the JSON writer, which can take longer than any input may. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        var texts = new String(input, ISO_8859_1).split("\n", HEADERS.length + 1);
        var headers = new HashMap<String, String>();
        for (int i = 1; i < texts.length; i++) {
            headers.put(HEADERS[i - 1], texts[i]);
        }
        var request = GivenRequest.of(texts[0], headers);
        var event = logged(() -> RequestLog.answered("token", request, new ApiResponse(request, NO_RESPONSE), 1));
        for (var pair : event.getKeyValuePairs()) {
            var form = pair.key.equals("appName") ? LETTERS : PLAIN;
            if (!form.matcher(String.valueOf(pair.value)).matches()) {
                throw new AssertionError("in the log: " + pair);
            }
        }
    }

    /** Returns the one line that is logged of a request; leaves the log as it was. */
    private static ILoggingEvent logged(Runnable work) {
        Logger log = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("requests");
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var level = log.getLevel();
        log.setAdditive(false);
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        try {
            work.run();
        } finally {
            log.detachAppender(lines);
            log.setLevel(level);
            log.setAdditive(true);
        }
        if (lines.list.size() != 1) {
            throw new AssertionError(lines.list.size() + " lines");
        }
        return lines.list.get(0);
    }
}
