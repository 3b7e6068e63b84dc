package alirtc.appserver.auth;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the public keys of a JWKS that are strong enough to verify a signature; logs when that begins to fail, and when it
 * works again. Called by one thread at a time, as Nimbus' cache does.
 */
final class JwksReader implements JWKSetSource<SecurityContext> {
    /** The least time between two reads. Nimbus' own limit lets two pass at once: measured, 2 in its interval. */
    static final Duration GAP = Duration.ofSeconds(10);

    /** RFC 7518, section 3.3. */
    private static final int MIN_RSA_BITS = 2048;

    private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);
    private static final Logger LOG = LoggerFactory.getLogger(JwksReader.class);

    private final URI location;
    private final JwksRetriever retriever;
    private volatile boolean succeeded;
    private volatile boolean closed;
    private volatile long notBefore = Long.MIN_VALUE;
    private boolean failing;

    /**
     * Builds a reader that has read nothing yet.
     *
     * @param location a file, or an address of HTTP or HTTPS
     * @param retriever is closed with the reader
     */
    JwksReader(URI location, JwksRetriever retriever) {
        this.location = location;
        this.retriever = retriever;
    }

    /** Returns whether the keys were ever read. Thread-safe. */
    boolean hasSucceeded() {
        return succeeded;
    }

    /** Returns whether the last read has ended and was less than {@link #GAP} ago, at that many milliseconds. Thread-safe. */
    boolean isResting(long now) {
        return now < notBefore;
    }

    /**
     * Reads the keys.
     *
     * @param now in milliseconds, by a clock that never steps
     * @throws JWKSetUnavailableException if the JWKS cannot be read, if it holds no such key, or if the last read was less
     *     than {@link #GAP} ago
     */
    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
            throws JWKSetUnavailableException {
        if (isResting(now) || closed) {
            throw new JWKSetUnavailableException("The JWKS is not read again so soon");
        }
        try {
            var content = retriever.retrieveResource(location.toURL()).getContent();
            var keys = usable(JWKSet.parse(content));
            log(true, "");
            succeeded = true;
            return keys;
        } catch (IOException | ParseException | RuntimeException e) {
            // What the library says of a text that it cannot parse may hold the text.
            log(false, e instanceof IOException ? String.valueOf(e.getMessage()) : "it is no JWKS");
            throw new JWKSetUnavailableException("The JWKS cannot be read", e);
        } finally {
            notBefore = now + GAP.toMillis();
        }
    }

    private static JWKSet usable(JWKSet all) throws IOException {
        var usable = new JWKSet(all.toPublicJWKSet().getKeys().stream()
                .filter(JwksReader::isUsable)
                .toList());
        if (usable.isEmpty()) {
            throw new IOException("it holds no RSA key of 2048 bits or more and no key of P-256, P-384 or P-521");
        }
        return usable;
    }

    private static boolean isUsable(JWK key) {
        if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
            return false;
        }
        return key instanceof RSAKey rsa
                ? rsa.size() >= MIN_RSA_BITS
                : key instanceof ECKey ec && CURVES.contains(ec.getCurve());
    }

    /** Logs the result of a read if it is not the result of the read before. */
    private void log(boolean good, String reason) {
        if (good && failing) {
            LOG.info("The JWKS at {} can be read again", location);
        } else if (!good && !failing && !closed) {
            LOG.warn(
                    "The JWKS at {} cannot be read ({}); {}",
                    location,
                    reason,
                    succeeded
                            ? "the keys that were read last stay valid"
                            : "until it can, every JWT is answered with 503");
        }
        failing = !good;
    }

    /** Ends the read that is running; there is no other after it. Thread-safe. */
    @Override
    public void close() {
        closed = true;
        retriever.close();
    }
}
