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
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells who calls by the JWT in {@code Authorization: Bearer}. Thread-safe. A JWT whose key is known is judged on the
 * calling thread; one whose key may be about to come is judged later, by the thread that brings the keys.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725, how to take JWTs safely</a>
 */
final class Authenticator implements AutoCloseable {
    /** What containers take in a header by default leaves room for so much. */
    static final int MAX_JWT_LENGTH = 4096;

    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(\\S+)");
    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Optional<KeySource> published;

    private Authenticator(
            JWSKeySelector<SecurityContext> keys, Optional<KeySource> published, JwtConfig rules, InstantSource wall) {
        this.published = published;
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(keys);
        processor.setJWTClaimsSetVerifier(new ClaimsVerifier(rules, wall));
    }

    /** Builds an authenticator by the operator's rules, which begins to fetch keys if they are published. */
    static Authenticator of(
            JwtConfig rules,
            InstantSource wall,
            InstantSource clock,
            ExecutorService workers,
            ScheduledExecutorService scheduler) {
        if (rules.keys() instanceof JwtConfig.Keys.Published location) {
            var keys = new KeySource(location.location(), clock, workers, scheduler);
            return new Authenticator(keys.selector(), Optional.of(keys), rules, wall);
        }
        var secret = ((JwtConfig.Keys.Shared) rules.keys()).secret().value().getBytes(US_ASCII);
        return new Authenticator(sharedKey(secret), Optional.empty(), rules, wall);
    }

    /** Selects the one key for the algorithms of its kind that it is long enough for, whatever else a JWT wants. */
    private static JWSKeySelector<SecurityContext> sharedKey(byte[] secret) {
        var key = new SecretKeySpec(secret, "HMAC");
        var algorithms = MACVerifier.getCompatibleAlgorithms(secret.length * Byte.SIZE);
        return (header, context) -> algorithms.contains(header.getAlgorithm()) ? List.of(key) : List.of();
    }

    /** Returns who calls, by the values of the header {@code Authorization}; fails with a {@link AccessException}. */
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

    /** Stops fetching keys. */
    @Override
    public void close() {
        published.ifPresent(KeySource::close);
    }

    private static SignedJWT parsed(String text) {
        try {
            var jwt = SignedJWT.parse(text);
            // Nothing that a JWT may call critical is understood here.
            if (jwt.getHeader().getCriticalParams() == null) {
                return jwt;
            }
        } catch (ParseException | RuntimeException e) {
            // Some texts that are no JWT make the library stumble; anybody can send them.
        }
        throw bad();
    }

    private static String bearer(List<String> authorization) {
        if (authorization.size() > 1) {
            throw new AccessException(Kind.SEVERAL_CREDENTIALS, "Send the header Authorization once");
        }
        var match = BEARER.matcher(authorization.isEmpty() ? "" : authorization.get(0));
        if (!match.matches()) {
            throw new AccessException(Kind.NO_CREDENTIALS, "Send a JWT in the header Authorization: Bearer");
        }
        var jwt = match.group(1);
        if (jwt.length() > MAX_JWT_LENGTH) {
            throw new AccessException(
                    Kind.INVALID_CREDENTIALS, "The JWT must be at most " + MAX_JWT_LENGTH + " characters long");
        }
        if (!JWT.matcher(jwt).matches()) {
            throw bad();
        }
        return jwt;
    }

    private Caller caller(SignedJWT jwt) {
        try {
            var claims = processor.process(jwt, null);
            // The library takes other types of sub, too, and makes them texts.
            if (!(jwt.getPayload().toJSONObject().get("sub") instanceof String user)) {
                throw bad();
            }
            return new Caller(Optional.of(named("sub", user, UserId::new)), channel(claims));
        } catch (ExpiredJWTException e) {
            throw new AccessException(Kind.INVALID_CREDENTIALS, "The JWT has expired; get a new one");
        } catch (BadJOSEException | JOSEException | ParseException e) {
            throw bad();
        }
    }

    private static Optional<ChannelId> channel(JWTClaimsSet claims) throws ParseException {
        if (!claims.getClaims().containsKey("channelId")) {
            return Optional.empty();
        }
        var channel = claims.getStringClaim("channelId");
        if (channel == null) {
            throw bad();
        }
        return Optional.of(named("channelId", channel, ChannelId::new));
    }

    /** Returns a claim as the type that knows its form: the JWT is genuine, but of no use here if it is not of that form. */
    private static <T> T named(String claim, String text, Function<String, T> type) {
        try {
            return type.apply(text);
        } catch (IllegalArgumentException e) {
            throw new AccessException(
                    Kind.FORBIDDEN, "In the JWT the claim " + claim + " is of no use here: " + e.getMessage());
        }
    }

    /** Tells nothing finer: a forger would learn how far the forgery got. */
    private static AccessException bad() {
        return new AccessException(
                Kind.INVALID_CREDENTIALS,
                "The JWT is not good here: its form, key, signature, times, issuer or audience");
    }
}
