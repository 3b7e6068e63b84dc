package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.regex.Pattern;

/** The body of a token check is a claim of good form, or is refused in words of ours. */
public final class TokenClaimFuzz {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern REFUSAL = Pattern.compile(
            "(?:The body|appid|channelId|userid|userId|nonce|timestamp|token) (?:must|could) [A-Za-z0-9 ,_-]+");
    private static final Instant LATEST = Instant.parse("2286-11-20T17:46:39Z");

    private TokenClaimFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            var claim = TokenClaimBody.parse(input);
            boolean good = NAME.matcher(claim.channel().value()).matches()
                    && NAME.matcher(claim.user().value()).matches()
                    && claim.nonce().length() <= 64
                    && US_ASCII.newEncoder().canEncode(claim.nonce() + claim.token())
                    && claim.token().length() == 64
                    && claim.expiresAt().isAfter(Instant.EPOCH)
                    && !claim.expiresAt().isAfter(LATEST);
            if (!good || claim.toString().contains(claim.token())) {
                throw new AssertionError("taken for a claim: " + claim);
            }
        } catch (ApiException e) {
            var message = String.valueOf(e.getMessage());
            if (e.code() != ErrorCode.BAD_PARAMETER || !REFUSAL.matcher(message).matches()) {
                throw new AssertionError("an odd refusal: " + message, e);
            }
        }
    }
}
