package alirtc.appserver.auth;

import alirtc.appserver.auth.AccessException.Kind;
import alirtc.appserver.time.Timers;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of a JWKS. Nimbus caches them, refreshes them in the background, and keeps them through an outage.
 * Thread-safe.
 *
 * <p>Callers whose key is unknown wait for the next read with a future that they share. In Nimbus each would wait with its
 * own thread: measured, 200 callers of a key server that hung held 200 threads.
 */
final class KeySource implements AutoCloseable {
    private static final Duration REFRESH_INTERVAL = Duration.ofMinutes(5);

    /** So long that no request finds the keys expired and has to wait for a read: they are refreshed before. */
    private static final Duration TIME_TO_LIVE = Duration.ofDays(365);

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

    private static final JWKSet NONE = new JWKSet();
    private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

    private final InstantSource clock;
    private final ExecutorService workers;
    private final ScheduledExecutorService scheduler;
    private final JwksReader reader;
    private final JWKSetSource<SecurityContext> cache;

    // Guarded by this.
    private CompletableFuture<Void> reading = NOW;

    /**
     * Builds a source that begins to read the keys.
     *
     * @param location a file, or an address of HTTP or HTTPS
     * @param clock a clock that never steps
     * @param workers read the JWKS; not closed here
     * @param scheduler refreshes the keys and bounds the reads; not closed here
     */
    KeySource(URI location, InstantSource clock, ExecutorService workers, ScheduledExecutorService scheduler) {
        this.clock = clock;
        this.workers = workers;
        this.scheduler = scheduler;
        this.reader = new JwksReader(location, new JwksRetriever(scheduler));
        var source = JWKSourceBuilder.create(reader)
                .cache(TIME_TO_LIVE.toMillis(), JwksRetriever.TIME_LIMIT.toMillis())
                .refreshAheadCache(TIME_TO_LIVE.minus(REFRESH_INTERVAL).toMillis(), null, workers, false, null, false)
                .rateLimited(false)
                .outageTolerantForever()
                .build();
        // The library's outer source and its own schedule go by the machine's clock, which may be set; this goes by
        // ours.
        this.cache = ((JWKSetBasedJWKSource<SecurityContext>) source).getJWKSetSource();
        refresh();
        new Timers(scheduler).every(JwksReader.GAP, this::refresh);
    }

    /** Returns the selector of the keys for a JWT: by its algorithm and key id, among the keys of this source alone. */
    JWSKeySelector<SecurityContext> selector() {
        return new JWSVerificationKeySelector<>(ALGORITHMS, (selector, context) -> selector.select(known()));
    }

    /**
     * Completes when a JWT can be verified: at once, unless its key is unknown and the next read may bring it. Fails with
     * an {@link AccessException} if no keys could ever be read.
     */
    CompletableFuture<Void> ready(JWSHeader header) {
        if (!ALGORITHMS.contains(header.getAlgorithm()) || isKnown(header.getKeyID())) {
            return NOW;
        }
        return read().thenRun(this::requireKeys);
    }

    private boolean isKnown(@Nullable String id) {
        var known = known();
        return id == null ? !known.isEmpty() : known.getKeyByKeyId(id) != null;
    }

    private void requireKeys() {
        if (known().isEmpty()) {
            throw new AccessException(
                    Kind.KEYS_UNAVAILABLE,
                    "JWTs cannot be verified just now; try again after the time in Retry-After",
                    JwksReader.GAP);
        }
    }

    /**
     * Returns the keys that were read last, or none before the first read succeeds. Does not wait; keys that are due for a
     * refresh are read again in the background.
     */
    private JWKSet known() {
        if (!reader.hasSucceeded()) {
            return NONE;
        }
        try {
            return cache.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), clock.millis(), null);
        } catch (KeySourceException | RejectedExecutionException e) {
            // The server is stopping, and has no worker left to refresh them.
            return NONE;
        }
    }

    /** Refreshes the keys when they are due, though nobody may ask for them; tries again if they were never read. */
    private void refresh() {
        if (known().isEmpty()) {
            startReading();
        }
    }

    /**
     * Reads the JWKS, unless that was just done; completes when the read, or one that was running already, ends, and at the
     * time limit at the latest.
     */
    private synchronized CompletableFuture<Void> read() {
        startReading();
        return reading;
    }

    private synchronized void startReading() {
        if (!reading.isDone() || reader.isResting(clock.millis())) {
            return;
        }
        var seen = known();
        try {
            var started = CompletableFuture.runAsync(() -> load(seen), workers);
            // Looking up a host's name can take longer, and cannot be cut.
            var limit = scheduler.schedule(
                    () -> started.complete(null), JwksRetriever.TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            reading = started.whenComplete((done, failure) -> limit.cancel(false));
        } catch (RejectedExecutionException e) {
            // The server is stopping; the keys stay as they are.
            reading = NOW;
        }
    }

    /** Reads the JWKS on this thread, unless that was done since those keys were read. */
    private void load(JWKSet seen) {
        try {
            cache.getJWKSet(JWKSetCacheRefreshEvaluator.referenceComparison(seen), clock.millis(), null);
        } catch (KeySourceException e) {
            // The reader has logged it; the keys stay as they are.
        }
    }

    /** Ends the read that is running; there is no other after it. */
    @Override
    public void close() {
        reader.close();
    }
}
