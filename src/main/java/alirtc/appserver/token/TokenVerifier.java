package alirtc.appserver.token;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Says whether a token goes with the fields that it is shown with: yes or no, and nothing finer. Thread-safe.
 *
 * <p>A forger learns nothing from it. Each question is one guess of a 256-bit hash, and every token that was ever issued
 * tells as much of the AppKey. It must not become a signing oracle: it takes a token and never gives one, it does not
 * say which field is at fault, and it compares in constant time, so that the right token cannot be felt for digit by
 * digit. Who found a token can find out whether it is genuine, as by joining with it; so the check is for developers,
 * and off unless the operator switches it on.
 */
public final class TokenVerifier {
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{0,64}");
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{64}");

    private final String appId;
    private final TokenIssuer tokens;

    /** Builds a check of what the issuer would sign for the application. */
    public TokenVerifier(String appId, TokenIssuer tokens) {
        this.appId = appId;
        this.tokens = tokens;
    }

    /**
     * The fields that a token covers, and the token; each of good form, or it cannot be built.
     *
     * @param appId the application that the token is said to be for
     * @param nonce as the phone got it; may be empty
     * @param expiresAt whole seconds
     * @param token 64 lower-case hexadecimal digits
     */
    public record Claim(String appId, ChannelId channel, UserId user, String nonce, Instant expiresAt, String token) {

        /**
         * Checks the forms.
         *
         * @throws IllegalArgumentException saying what is allowed
         */
        public Claim {
            require(NONCE.matcher(nonce).matches(), "nonce must be at most 64 of A-Z a-z 0-9 _ -");
            require(TOKEN.matcher(token).matches(), "token must be 64 of 0-9 a-f");
        }

        private static void require(boolean holds, String message) {
            if (!holds) {
                throw new IllegalArgumentException(message);
            }
        }

        /** Returns the user and channel alone: a token in a log would admit its reader. */
        @Override
        public String toString() {
            return "Claim[" + user.value() + " to " + channel.value() + "]";
        }
    }

    /** Returns whether the claim names this server's application, which is no secret. */
    public boolean isOurApp(Claim claim) {
        return claim.appId().equals(appId);
    }

    /** Returns whether the token is the one for these fields. */
    public boolean isValid(Claim claim) {
        var right = tokens.token(claim.channel(), claim.user(), claim.nonce(), claim.expiresAt());
        return isOurApp(claim)
                && MessageDigest.isEqual(right.getBytes(US_ASCII), claim.token().getBytes(US_ASCII));
    }
}
