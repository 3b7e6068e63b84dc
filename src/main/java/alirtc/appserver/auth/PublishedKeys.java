package alirtc.appserver.auth;

import alirtc.appserver.auth.AccessException.Kind;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that a JWKS publishes, as they were when it could last be read. They are fetched in the background: from time
 * to time, and when a JWT names one that is not known, but never more often than {@link #GAP}. Thread-safe.
 */
final class PublishedKeys implements AutoCloseable {
    /** Between two fetches at the least, and after one that failed. */
    static final Duration GAP = Duration.ofSeconds(10);

    static final Duration EVERY = Duration.ofMinutes(5);

    /** The longest that a fetch takes in all, and so the longest that a caller waits for it. */
    static final Duration FETCH_LIMIT = Duration.ofSeconds(2);

    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);
    private static final Logger LOG = LoggerFactory.getLogger(PublishedKeys.class);

    private final URI location;
    private final InstantSource clock;
    private final Executor workers;
    private final ScheduledExecutorService scheduler;
    private volatile @Nullable JWKSet keys;

    // Guarded by this.
    private @Nullable KeyFetch running;
    private CompletableFuture<Void> awaited = NOW;
    private Instant notBefore = Instant.MIN;
    private @Nullable Future<?> next;
    private boolean failing;
    private boolean closed;

    PublishedKeys(URI location, InstantSource clock, Executor workers, ScheduledExecutorService scheduler) {
        this.location = location;
        this.clock = clock;
        this.workers = workers;
        this.scheduler = scheduler;
    }

    /** Returns what selects the keys for a JWT: by its algorithm and key id, among those fetched here and no others. */
    JWSKeySelector<SecurityContext> selector() {
        return new JWSVerificationKeySelector<>(ALGORITHMS, (selector, context) -> {
            var known = keys;
            return known == null ? List.of() : selector.select(known);
        });
    }

    /**
     * Returns when a JWT can be judged: at once, unless its key may come with the fetch that is under way or due. Fails
     * with a {@link AccessException} if there were never any keys.
     */
    CompletableFuture<Void> ready(JWSHeader header) {
        var known = keys;
        var id = header.getKeyID();
        if (!ALGORITHMS.contains(header.getAlgorithm())
                || (known != null && (id == null || known.getKeyByKeyId(id) != null))) {
            return NOW;
        }
        return refresh().thenRun(this::requireAny);
    }

    private void requireAny() {
        if (keys == null) {
            throw new AccessException(
                    Kind.KEYS_UNAVAILABLE,
                    "JWTs cannot be checked just now; try again after the time in Retry-After",
                    GAP);
        }
    }

    /** Fetches the keys, unless that was just done; returns when the fetch is over, one way or the other. */
    synchronized CompletableFuture<Void> refresh() {
        if (closed || running != null || clock.instant().isBefore(notBefore)) {
            return awaited;
        }
        notBefore = clock.instant().plus(GAP);
        var fetch = new KeyFetch(location);
        var over = new CompletableFuture<Void>();
        try {
            workers.execute(() -> run(fetch, over));
        } catch (RejectedExecutionException e) {
            // The server is stopping.
            return NOW;
        }
        running = fetch;
        awaited = over;
        var unused = scheduler.schedule(
                () -> {
                    over.complete(null);
                    fetch.abort();
                },
                FETCH_LIMIT.toMillis(),
                TimeUnit.MILLISECONDS);
        return over;
    }

    private void run(KeyFetch fetch, CompletableFuture<Void> over) {
        try {
            keys = fetch.keys();
            tell(true, "");
        } catch (IOException | ParseException | RuntimeException e) {
            // What the library says of a text that it cannot parse may hold the text.
            tell(false, e instanceof IOException ? String.valueOf(e.getMessage()) : "it is no JWKS");
        } finally {
            over.complete(null);
        }
    }

    /** Notes how a fetch ended, and says so if the one before ended otherwise. */
    private synchronized void tell(boolean good, String reason) {
        running = null;
        if (good && failing) {
            LOG.info("The JWKS at {} can be read again", location);
        } else if (!good && !failing && !closed) {
            LOG.warn(
                    "The JWKS at {} cannot be read ({}); {}",
                    location,
                    reason,
                    keys == null ? "until it can, nobody is let in" : "the keys that were last there stay good");
        }
        failing = !good;
        if (next != null) {
            next.cancel(false);
        }
        if (!closed) {
            Runnable again = () -> {
                var unused = refresh();
            };
            next = scheduler.schedule(again, (good ? EVERY : GAP).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Ends the fetch under way; there will be no other. */
    @Override
    public synchronized void close() {
        closed = true;
        if (running != null) {
            running.abort();
        }
    }
}
