package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/**
 * All that this process writes for people from now on: the log with whole stack traces, as the WAR's settings of it let
 * through, both output streams, and the names of threads whenever they are noted. Thread-safe.
 */
final class Written implements AutoCloseable {
    /** What the tests' log leaves out and the WAR's does not. */
    private static final List<String> QUIET = List.of("requests", "calls");

    private static final String ALL = "%level %logger %thread - %msg %marker %mdc %kvp{NONE}%n%ex{full}";

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final PatternLayout layout = new PatternLayout();
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(layout.doLayout(event));
        }
    };

    Written() {
        layout.setContext(context);
        layout.setPattern(ALL);
        layout.start();
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);
        QUIET.forEach(name -> context.getLogger(name).setLevel(Level.INFO));
        var all = new PrintStream(printed, true, UTF_8);
        System.setOut(all);
        System.setErr(all);
    }

    /** Takes note of the names of all threads. */
    void noteThreads() {
        Thread.getAllStackTraces().keySet().forEach(thread -> threads.add(thread.getName()));
    }

    /** Returns everything up to now, for a search. */
    String text() {
        return String.join("", lines) + printed.toString(UTF_8) + String.join("\n", threads);
    }

    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
        QUIET.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        root.detachAppender(appender);
        appender.stop();
    }
}
