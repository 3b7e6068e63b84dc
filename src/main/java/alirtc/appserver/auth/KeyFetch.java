package alirtc.appserver.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Set;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.BasicHttpClientConnectionManager;

/** Reads a JWKS once, from a file or over HTTP, within bounds of time and size. */
final class KeyFetch {
    private static final int MAX_BYTES = 1 << 18;
    private static final int MAX_HEADER_LENGTH = 8192;
    private static final int MAX_HEADERS = 100;
    private static final int TIMEOUT_MILLIS = 1500;

    /** RFC 7518, section 3.3. */
    private static final int LEAST_RSA_BITS = 2048;

    private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);

    private final URI location;
    private final HttpGet request;

    KeyFetch(URI location) {
        this.location = location;
        this.request = new HttpGet(location);
    }

    /**
     * Reads the public keys that can verify a signature.
     *
     * @throws IOException if the JWKS cannot be had; the message holds nothing of it
     * @throws ParseException if it is none, or holds no such key
     */
    JWKSet keys() throws IOException, ParseException {
        var text = "file".equals(location.getScheme()) ? file() : body();
        var usable = new JWKSet(JWKSet.parse(text).toPublicJWKSet().getKeys().stream()
                .filter(KeyFetch::isUsable)
                .toList());
        if (usable.isEmpty()) {
            throw new IOException("it holds no RSA key of 2048 bits or more and no key of P-256, P-384 or P-521");
        }
        return usable;
    }

    /** Cuts the exchange over HTTP, wherever it is, by whichever thread. */
    void abort() {
        try {
            request.abort();
        } catch (IllegalStateException e) {
            // It is just ending by itself.
        }
    }

    private static boolean isUsable(JWK key) {
        if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
            return false;
        }
        return key instanceof RSAKey rsa
                ? rsa.size() >= LEAST_RSA_BITS
                : key instanceof ECKey ec && CURVES.contains(ec.getCurve());
    }

    private String file() throws IOException {
        try (var in = Files.newInputStream(Path.of(location))) {
            return bounded(in);
        }
    }

    private String body() throws IOException {
        try (var http = http();
                var response = http.execute(request)) {
            int status = response.getStatusLine().getStatusCode();
            if (status != 200 || response.getEntity() == null) {
                throw new IOException("HTTP " + status);
            }
            // Not closed here: closing would first read the rest of a body that has no end.
            return bounded(response.getEntity().getContent());
        }
    }

    private static String bounded(InputStream in) throws IOException {
        var bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new IOException("more than " + MAX_BYTES + " bytes");
        }
        return new String(bytes, UTF_8);
    }

    /** Returns a client for the one exchange, which follows nobody anywhere and tries nothing twice. */
    private static CloseableHttpClient http() {
        var connections = new BasicHttpClientConnectionManager();
        connections.setConnectionConfig(ConnectionConfig.custom()
                .setMessageConstraints(MessageConstraints.custom()
                        .setMaxLineLength(MAX_HEADER_LENGTH)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build())
                .build());
        return HttpClientBuilder.create()
                // The proxy that Java was told of, if any.
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
