package alirtc.appserver.sandbox;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends Maven's process under {@code mvn jetty:run} before anything is started, in one line that tells what to do, if the
 * port is taken: Jetty itself starts first, finds out then, and says it in stack traces.
 */
public final class TakenPort implements ServletContextListener {
    private static final String PORT = "jetty.http.port";
    private static final Logger LOG = LoggerFactory.getLogger(TakenPort.class);

    /** Tries the port. */
    @Override
    public void contextInitialized(ServletContextEvent event) {
        int port = port();
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            LOG.error("Port {} is in use. Choose another: mvn jetty:run -D{}={}", port, PORT, port + 1);
            Runtime.getRuntime().halt(1);
        }
    }

    /** Returns the port that Jetty listens on. */
    static int port() {
        return Integer.getInteger(PORT, 8080);
    }
}
