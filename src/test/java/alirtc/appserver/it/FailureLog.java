package alirtc.appserver.it;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.CyclicBufferAppender;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prints what was logged during a test that failed, the output of containers included; of tests that pass, nothing is
 * printed. JUnit finds it as a service and applies it to every test. The lines come from the appender {@code LATEST} of
 * {@code logback-test.xml}.
 */
public final class FailureLog implements TestWatcher, AfterAllCallback {
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0} - %msg %kvp{NONE}%n%ex";

    @Override
    public void testSuccessful(ExtensionContext context) {
        latest().ifPresent(CyclicBufferAppender::reset);
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        latest().ifPresent(CyclicBufferAppender::reset);
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        print(context);
    }

    /** Prints the log of a class that failed outside its tests. */
    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            print(context);
        }
    }

    private static void print(ExtensionContext context) {
        latest().ifPresent(lines -> {
            var layout = new PatternLayout();
            layout.setContext(lines.getContext());
            layout.setPattern(PATTERN);
            layout.start();
            var text = new StringBuilder("Log of " + name(context) + ":\n");
            for (int i = 0; i < lines.getLength(); i++) {
                text.append(layout.doLayout(lines.get(i)));
            }
            System.out.print(text);
            lines.reset();
        });
    }

    private static String name(ExtensionContext context) {
        return context.getTestClass().map(type -> type.getSimpleName() + ", ").orElse("") + context.getDisplayName();
    }

    private static Optional<CyclicBufferAppender<ILoggingEvent>> latest() {
        return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                        && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("LATEST")
                                instanceof CyclicBufferAppender<ILoggingEvent> appender
                ? Optional.of(appender)
                : Optional.empty();
    }
}
