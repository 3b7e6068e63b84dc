package alirtc.appserver.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.config.LogConfig;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the log up, gives it the form that the operator chose, and ends it with the application. Logback finds it as a
 * service, before its own way, by a file in XML, which took a tenth of a second at each start. Who names a file in the
 * system property {@code logback.configurationFile} has that instead.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
    private static final String LINE =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} - %msg %kvp{NONE}%n%rootException";
    private static final String LINES = "LINES";
    private static final String REQUESTS = "requests";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        // Every line: whoever reads the log may be slow, and neither a phone nor a deadline waits for that.
        var lines = new BatchingAppender();
        lines.setName(LINES);
        lines.setContext(context);
        lines.setEncoder(plain(context));
        lines.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(lines);
        // In more detail than this the SDK and its HTTP client log signed addresses.
        context.getLogger("com.aliyuncs").setLevel(Level.WARN);
        context.getLogger("org.apache.http").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Applies the operator's rules to what is logged from now on. */
    public static void apply(LogConfig rules) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        if (!rules.requests()) {
            context.getLogger(REQUESTS).setLevel(Level.OFF);
        }
        if (rules.json()) {
            lines().ifPresent(lines -> lines.setEncoder(json(context)));
        }
    }

    /** Returns how many lines were lost since the start; none, if an operator set the log up otherwise. */
    public static long lostLines() {
        return lines().map(BatchingAppender::lostLines).orElse(0L);
    }

    private static Optional<BatchingAppender> lines() {
        return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                        && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(LINES)
                                instanceof BatchingAppender lines
                ? Optional.of(lines)
                : Optional.empty();
    }

    private static PatternLayoutEncoder plain(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.setCharset(UTF_8);
        encoder.start();
        return encoder;
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
    public static void close() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
