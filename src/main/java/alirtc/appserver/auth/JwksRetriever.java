package alirtc.appserver.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.BasicHttpClientConnectionManager;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JWKS from a file or over HTTP, within bounds of time and size; one at a time.
 *
 * <p>Nimbus' own retriever times each read alone: measured, it was still reading after 20 s from a server whose bytes
 * trickle in. It also follows redirects, accepts any 2xx, and takes a body that is cut short for whole.
 */
final class JwksRetriever implements ResourceRetriever, AutoCloseable {
    /** The longest that an exchange over HTTP takes in all. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(2);

    private static final int MAX_BYTES = 1 << 18;
    private static final int MAX_HEADER_LENGTH = 8192;
    private static final int MAX_HEADERS = 100;
    private static final int TIMEOUT_MILLIS = 1500;

    private final ScheduledExecutorService scheduler;
    private volatile @Nullable HttpGet running;

    /**
     * Builds a retriever.
     *
     * @param scheduler ends an exchange that reaches the time limit
     */
    JwksRetriever(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Returns what a file or an HTTP server holds.
     *
     * @throws IOException if it cannot be read; the message holds nothing of the content
     */
    @Override
    public Resource retrieveResource(URL url) throws IOException {
        var location = URI.create(url.toString());
        return new Resource("file".equals(location.getScheme()) ? file(Path.of(location)) : body(location), null);
    }

    /** Ends the exchange that is running, if there is one. */
    @Override
    public void close() {
        var request = running;
        if (request != null) {
            abort(request);
        }
    }

    private static String file(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
            return bounded(in);
        }
    }

    private String body(URI location) throws IOException {
        var request = new HttpGet(location);
        running = request;
        var limit = scheduler.schedule(() -> abort(request), TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        try (var http = http();
                var response = http.execute(request)) {
            int status = response.getStatusLine().getStatusCode();
            if (status != 200 || response.getEntity() == null) {
                throw new IOException("HTTP " + status);
            }
            // Not closed here: closing would first read the rest of a body that has no end.
            return bounded(response.getEntity().getContent());
        } finally {
            limit.cancel(false);
            running = null;
        }
    }

    /** Ends an exchange, wherever it is, from any thread. */
    private static void abort(HttpGet request) {
        try {
            request.abort();
        } catch (IllegalStateException e) {
            // It is just ending by itself.
        }
    }

    private static String bounded(InputStream in) throws IOException {
        var bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new IOException("more than " + MAX_BYTES + " bytes");
        }
        return new String(bytes, UTF_8);
    }

    /** Returns a client for one exchange, which follows no redirect and retries nothing. */
    private static CloseableHttpClient http() {
        var connections = new BasicHttpClientConnectionManager();
        connections.setConnectionConfig(ConnectionConfig.custom()
                .setMessageConstraints(MessageConstraints.custom()
                        .setMaxLineLength(MAX_HEADER_LENGTH)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build())
                .build());
        return HttpClientBuilder.create()
                // The proxy that Java is configured with, if any.
                .useSystemProperties()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectTimeout(TIMEOUT_MILLIS)
                        .setSocketTimeout(TIMEOUT_MILLIS)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }
}
