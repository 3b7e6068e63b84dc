package alirtc.appserver;

import alirtc.appserver.config.LogRules;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the log the form that the operator chose, and ends it with the application. */
final class LogOutput {
    private LogOutput() {}

    /** Applies the operator's rules to what is logged from now on. */
    static void apply(LogRules rules) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        var requests = context.getLogger("requests");
        if (!rules.requests()) {
            requests.setLevel(Level.OFF);
        }
        if (rules.json()
                && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("CONSOLE")
                        instanceof OutputStreamAppender<ILoggingEvent> console
                && requests.getAppender("BATCHES") instanceof BatchingAppender batches) {
            var encoder = json(context);
            console.setEncoder(encoder);
            batches.setEncoder(encoder);
        }
    }

    private static JsonEncoder json(LoggerContext context) {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMarkers(false);
        encoder.setWithMDC(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }

    /** Writes what still waits and ends the log's own thread, which would keep an undeployed application alive. */
    static void close() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
