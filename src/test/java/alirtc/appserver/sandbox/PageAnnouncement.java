package alirtc.appserver.sandbox;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs where the page is, as the last line of a start by {@code mvn jetty:run}. Jetty opens its port after it has started
 * the application, and does not say so to the application, so the page is requested until there is an answer.
 */
public final class PageAnnouncement implements ServletContextListener {
    private static final long INTERVAL_MILLIS = 20;
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger(PageAnnouncement.class);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "page-address");
        thread.setDaemon(true);
        return thread;
    });

    /** Starts to request the page. */
    @Override
    public void contextInitialized(ServletContextEvent event) {
        var page = URI.create("http://127.0.0.1:" + TakenPort.port()
                + event.getServletContext().getContextPath() + "/");
        var unused = timer.scheduleWithFixedDelay(() -> request(page), 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Requests the page once; after an answer, whichever, there is nothing left to do. */
    private void request(URI page) {
        try {
            if (page.toURL().openConnection() instanceof HttpURLConnection connection) {
                connection.setConnectTimeout(TIMEOUT_MILLIS);
                connection.setReadTimeout(TIMEOUT_MILLIS);
                // Of an application that did not start, which is answered with 503, the log tells already.
                if (connection.getResponseCode() == HttpURLConnection.HTTP_OK) {
                    LOG.info("The page is at {}", page);
                }
            }
            timer.shutdown();
        } catch (IOException e) {
            LOG.debug("Nothing listens yet", e);
        }
    }

    /** Stops requesting the page, where it never answered. */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        timer.shutdownNow();
    }
}
