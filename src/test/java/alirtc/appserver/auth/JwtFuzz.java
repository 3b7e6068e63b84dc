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
 * Only a JWT that claims what the rules ask for lets a caller in, and a refusal repeats nothing. An input is once taken as
 * it is for a header {@code Authorization}, and once, if it has two lines, for the header and payload of a JWT that is
 * then well signed.
 */
public final class JwtFuzz {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String SECRET = "jwt-secret-nobody-must-see-0123456789";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern REFUSAL = Pattern.compile("(?:Send|The JWT|In the JWT the claim) [A-Za-z0-9:,;_ -]+");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Authenticator AUTHENTICATOR = authenticator();

    private JwtFuzz() {}

    private static Authenticator authenticator() {
        var rules = TestConfig.of(Map.of(
                        "auth", "jwt",
                        "auth.jwt.secret", SECRET,
                        "auth.jwt.issuer", "login",
                        "auth.jwt.audience", "rtc"))
                .access()
                .jwt()
                .orElseThrow();
        var idle = new ScheduledThreadPoolExecutor(0);
        return Authenticator.of(rules, () -> NOW, () -> NOW, idle, idle);
    }

    /** Loads what checks JWTs, which can take longer than any input may. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput("{}\n{}".getBytes(ISO_8859_1));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        var text = new String(input, ISO_8859_1);
        if (caller(text) != null) {
            throw new AssertionError("let in by chance");
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

    /** Returns who was let in; null, if nobody was, in words of ours. */
    private static @Nullable Caller caller(String authorization) {
        try {
            return AUTHENTICATOR.authenticate(List.of(authorization)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof AccessException refusal
                    && REFUSAL.matcher(String.valueOf(refusal.getMessage())).matches()) {
                return null;
            }
            throw new AssertionError("no refusal of ours: " + e.getCause(), e);
        }
    }

    /** Makes sure of the claims by another parser. */
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
            throw new AssertionError("let in: " + caller);
        }
    }
}
