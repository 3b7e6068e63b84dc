package alirtc.appserver;

import alirtc.appserver.config.AppConfig;
import alirtc.appserver.config.Settings;
import alirtc.appserver.logging.LogConfigurator;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the application when the WAR is deployed, and stops it when it is undeployed. */
public final class Bootstrap implements ServletContextListener {
    private static final long THREADS_END_WITHIN_MILLIS = 200;

    /** Our threads, the one that the SDK starts, and those of the log. */
    private static final Pattern THREADS = Pattern.compile("appserver-|sdk-|logback-");

    private static final Logger LOG = LoggerFactory.getLogger(Bootstrap.class);

    /**
     * Starts the application.
     *
     * @throws IllegalStateException if a setting is missing, malformed or unknown, which the log tells; the WAR is then
     *     not deployed
     */
    @Override
    public void contextInitialized(ServletContextEvent event) {
        var settings = checked(Settings::load);
        var config = checked(() -> AppConfig.from(settings));
        LogConfigurator.apply(config.log());
        settings.warnings().forEach(warning -> LOG.warn("Settings: {}", warning));
        var context = event.getServletContext();
        var application = Application.start(config);
        context.setAttribute(Application.class.getName(), application);
        application.publish(context);
        LOG.info(
                "Application {} of {} at {}, {}, {}{}, calls in {}",
                config.token().appId(),
                config.upstream().product().title(),
                config.upstream().endpoint(),
                config.upstream().credentials().getClass().getSimpleName(),
                config.calls()
                        .timeLimit()
                        .map(limit -> "calls end after " + limit.toMinutes() + " min")
                        .orElse("calls have no time limit"),
                config.calls()
                        .maxUsers()
                        .map(most -> ", channels have " + most + " seats")
                        .orElse(""),
                config.redis().map(redis -> redis.uri().toString()).orElse("memory"));
        LOG.info("The page is {}", PageAddress.of(context.getContextPath()));
        var open = config.access().open();
        if (!open.isEmpty()) {
            LOG.info("Open to all, until set otherwise: {}", String.join("; ", open));
        }
    }

    /** Reads settings; a refusal is told by the log, since some containers keep what a listener throws to themselves. */
    private static <T> T checked(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            LOG.error("{}", e.getMessage());
            throw new IllegalStateException("The settings are refused; the log lists every problem");
        }
    }

    /** Stops the application, if it had started. */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        var context = event.getServletContext();
        if (context.getAttribute(Application.class.getName()) instanceof Application app) {
            context.removeAttribute(Application.class.getName());
            app.close();
            LOG.info("Stopped");
        }
        LogConfigurator.close();
        awaitThreads();
    }

    /**
     * Waits a moment for the very end of threads that were told to end, as executors do not: Tomcat takes one that is
     * just about to end for a leak.
     */
    private static void awaitThreads() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(THREADS_END_WITHIN_MILLIS);
        try {
            for (var thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getContextClassLoader() == Bootstrap.class.getClassLoader()
                        && THREADS.matcher(thread.getName()).lookingAt()) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    // Zero would be for ever.
                    thread.join(Math.max(1, left));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
