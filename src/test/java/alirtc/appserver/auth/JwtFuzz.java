package alirtc.appserver.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.config.TestConfig;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A caller is admitted only with a JWT that has the required claims, and a rejection repeats nothing. Each input is used
 * as the value of an {@code Authorization} header, and, if it has two lines, as the header and payload of a JWT with a
 * valid signature.
 */
public final class JwtFuzz {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String SECRET = "jwt-secret-nobody-must-see-0123456789";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern REJECTION =
            Pattern.compile("(?:Send|The JWT|In the JWT the claim) [A-Za-z0-9:,;_ -]+");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Authenticator AUTHENTICATOR = authenticator();

    private JwtFuzz() {}

    private static Authenticator authenticator() {
        var config = TestConfig.of(Map.of(
                        "auth", "jwt",
                        "auth.jwt.secret", SECRET,
                        "auth.jwt.issuer", "login",
                        "auth.jwt.audience", "rtc"))
                .access()
                .jwt()
                .orElseThrow();
        var idle = new ScheduledThreadPoolExecutor(0);
        return Authenticator.of(config, () -> NOW, () -> NOW, idle, idle);
    }

    /** Loads what checks JWTs, which can take longer than any input may. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput("{}\n{}".getBytes(ISO_8859_1));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        var text = new String(input, ISO_8859_1);
        if (caller(text) != null) {
            throw new AssertionError("admitted by chance");
        }
        int end = text.indexOf('\n');
        if (end < 0) {
            return;
        }
        var payload = text.substring(end + 1);
        // The test's JWTs take ' for ": such texts would not be what was signed.
        if (text.indexOf('\'') >= 0 || payload.indexOf('$') >= 0) {
            return;
        }
        var signed = Jwts.of(text.substring(0, end), payload, NOW, Jwts.hmac(256, SECRET.getBytes(UTF_8)));
        var caller = caller("Bearer " + signed);
        if (caller != null) {
            requireClaims(payload, caller);
        }
    }

    /** Returns the caller; null if the request was rejected in words of ours. */
    private static @Nullable Caller caller(String authorization) {
        try {
            return AUTHENTICATOR.authenticate(List.of(authorization)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof AccessException rejection
                    && REJECTION.matcher(String.valueOf(rejection.getMessage())).matches()) {
                return null;
            }
            throw new AssertionError("no rejection of ours: " + e.getCause(), e);
        }
    }

    /** Checks the claims with another parser. */
    private static void requireClaims(String payload, Caller caller) {
        JsonNode claims;
        try {
            claims = JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            // The JWT library's parser is laxer.
            claims = JSON.createObjectNode();
        }
        boolean good = claims.isEmpty()
                || (caller.user().isPresent()
                        && NAME.matcher(caller.user().get().value()).matches()
                        && claims.path("sub").isTextual()
                        && claims.path("exp").isNumber()
                        && claims.path("exp").doubleValue() > NOW.getEpochSecond() - 31
                        && claims.path("iss").asText().equals("login")
                        && claims.has("channelId") == caller.channel().isPresent());
        if (!good) {
            throw new AssertionError("admitted: " + caller);
        }
    }
}
