package alirtc.appserver.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import alirtc.appserver.auth.AccessException.Kind;
import alirtc.appserver.config.JwtConfig;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the credentials of a request: the JWT in its {@code Authorization: Bearer} header. Thread-safe. A JWT whose
 * key is known is verified on the calling thread; one with an unknown key is verified when the keys have been read again,
 * by the thread that read them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725, JSON Web Token Best Current Practices</a>
 */
final class Authenticator implements AutoCloseable {
    /** In characters; containers accept headers of twice the length by default. */
    static final int MAX_JWT_LENGTH = 4096;

    private static final String CALL_MINUTES = "callMinutes";

    /** A week, as for the operator's limit. */
    private static final long MAX_CALL_MINUTES = 10_080;

    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Optional<KeySource> published;

    private Authenticator(
            JWSKeySelector<SecurityContext> keys, Optional<KeySource> published, JwtConfig config, InstantSource wall) {
        this.published = published;
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(keys);
        processor.setJWTClaimsSetVerifier(new ClaimsVerifier(config, wall));
    }

    /**
     * Builds an authenticator, which begins to read its keys if they are published.
     *
     * @param wall the machine's clock, by which JWTs are dated
     * @param clock a clock that never steps
     * @param workers read keys; not closed here
     * @param scheduler times the reads; not closed here
     */
    static Authenticator of(
            JwtConfig config,
            InstantSource wall,
            InstantSource clock,
            ExecutorService workers,
            ScheduledExecutorService scheduler) {
        if (config.keys() instanceof JwtConfig.Keys.Published location) {
            var keys = new KeySource(location.location(), clock, workers, scheduler);
            return new Authenticator(keys.selector(), Optional.of(keys), config, wall);
        }
        var secret = ((JwtConfig.Keys.Shared) config.keys()).secret().value().getBytes(US_ASCII);
        return new Authenticator(sharedKey(secret), Optional.empty(), config, wall);
    }

    /** Selects the shared key for the HMAC algorithms that it is long enough for, and no key for any other algorithm. */
    private static JWSKeySelector<SecurityContext> sharedKey(byte[] secret) {
        var key = new SecretKeySpec(secret, "HMAC");
        var algorithms = MACVerifier.getCompatibleAlgorithms(secret.length * Byte.SIZE);
        return (header, context) -> algorithms.contains(header.getAlgorithm()) ? List.of(key) : List.of();
    }

    /**
     * Returns the caller that the credentials belong to. Fails with an {@link AccessException} if they are rejected.
     *
     * @param authorization the values of the request's {@code Authorization} headers
     */
    CompletableFuture<Caller> authenticate(List<String> authorization) {
        try {
            var jwt = parsed(bearer(authorization));
            return published
                    .map(keys -> keys.ready(jwt.getHeader()))
                    .orElse(NOW)
                    .thenApply(ready -> caller(jwt));
        } catch (AccessException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Stops reading keys. */
    @Override
    public void close() {
        published.ifPresent(KeySource::close);
    }

    private static SignedJWT parsed(String text) {
        try {
            var jwt = SignedJWT.parse(text);
            // No extension that a JWT may declare critical is supported.
            if (jwt.getHeader().getCriticalParams() == null) {
                return jwt;
            }
        } catch (ParseException | RuntimeException e) {
            // The library also throws unchecked exceptions for some texts that are no JWT.
        }
        throw notAccepted();
    }

    private static String bearer(List<String> authorization) {
        var jwt = BearerCredentials.of(authorization, "a JWT");
        if (jwt.length() > MAX_JWT_LENGTH) {
            throw new AccessException(
                    Kind.INVALID_CREDENTIALS, "The JWT must be at most " + MAX_JWT_LENGTH + " characters long");
        }
        if (!JWT.matcher(jwt).matches()) {
            throw notAccepted();
        }
        return jwt;
    }

    private Caller caller(SignedJWT jwt) {
        try {
            var claims = processor.process(jwt, null);
            var raw = jwt.getPayload().toJSONObject();
            // The library accepts other types of sub, too, and converts them to strings.
            if (!(raw.get("sub") instanceof String user)) {
                throw notAccepted();
            }
            return new Caller(Optional.of(named("sub", user, UserId::new)), channel(claims), callLimit(raw));
        } catch (ExpiredJWTException e) {
            throw new AccessException(Kind.INVALID_CREDENTIALS, "The JWT has expired; get a new one");
        } catch (BadJOSEException | JOSEException | ParseException e) {
            throw notAccepted();
        }
    }

    private static Optional<ChannelId> channel(JWTClaimsSet claims) throws ParseException {
        if (!claims.getClaims().containsKey("channelId")) {
            return Optional.empty();
        }
        var channel = claims.getStringClaim("channelId");
        if (channel == null) {
            throw notAccepted();
        }
        return Optional.of(named("channelId", channel, ChannelId::new));
    }

    private static Optional<Duration> callLimit(Map<String, Object> claims) {
        return claims.containsKey(CALL_MINUTES)
                ? Optional.of(named(CALL_MINUTES, claims.get(CALL_MINUTES), Authenticator::minutes))
                : Optional.empty();
    }

    private static Duration minutes(@Nullable Object claim) {
        // A fraction, even of .0, and a number that is too long for a Long are of other types.
        if (claim instanceof Long minutes && minutes >= 1 && minutes <= MAX_CALL_MINUTES) {
            return Duration.ofMinutes(minutes);
        }
        throw new IllegalArgumentException(
                CALL_MINUTES + " must be a whole number from 1 to " + MAX_CALL_MINUTES + ", without quotes");
    }

    /** Returns a claim as its type; if its form is wrong, the JWT is genuine, but not usable with this server. */
    private static <C extends @Nullable Object, T> T named(String claim, C value, Function<C, T> type) {
        try {
            return type.apply(value);
        } catch (IllegalArgumentException e) {
            throw new AccessException(
                    Kind.FORBIDDEN, "In the JWT the claim " + claim + " is of no use here: " + e.getMessage());
        }
    }

    /** Returns the one rejection for all defects: a finer one would tell a forger how far the forgery got. */
    private static AccessException notAccepted() {
        return new AccessException(
                Kind.INVALID_CREDENTIALS,
                "The JWT is not accepted: its form, key, signature, times, issuer or audience");
    }
}
