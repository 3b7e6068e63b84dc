package alirtc.appserver.web;

import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.TokenVerifier.Claim;
import alirtc.appserver.token.UserId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** A token and its fields, as a small JSON object in the body of a request. */
final class TokenClaimBody {
    private static final int LONGEST = 2048;
    private static final long LATEST_SECOND = 9_999_999_999L;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TokenClaimBody() {}

    /** Returns the claim, once the body is there; fails with an {@link ApiException} as {@link #parse} does. */
    static CompletableFuture<Claim> read(HttpServletRequest request) {
        // A form on another site can send other types without asking first, but not this one.
        var type = request.getContentType();
        if (type == null || !type.startsWith("application/json")) {
            return CompletableFuture.failedFuture(wrong("The body must be of type application/json"));
        }
        return RequestBody.read(request, LONGEST, ErrorCode.BAD_PARAMETER).thenApply(TokenClaimBody::parse);
    }

    /**
     * Returns the claim in a body.
     *
     * @throws ApiException if it is not there, or not of good form; never repeats a value
     */
    static Claim parse(byte[] body) {
        var fields = fields(body);
        try {
            return new Claim(
                    text(fields, "appid"),
                    new ChannelId(text(fields, "channelId")),
                    new UserId(text(fields, "userid")),
                    text(fields, "nonce"),
                    Instant.ofEpochSecond(seconds(fields)),
                    text(fields, "token"));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode fields(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw wrong("The body must be a JSON object");
        } catch (IOException e) {
            throw wrong("The body could not be read");
        }
    }

    private static String text(JsonNode fields, String name) {
        var value = fields.path(name);
        if (!value.isTextual()) {
            throw wrong(name + " must be there, as a text");
        }
        return value.textValue();
    }

    private static long seconds(JsonNode fields) {
        var value = fields.path("timestamp");
        long seconds = value.isInt() || value.isLong() ? value.longValue() : 0;
        if (seconds <= 0 || seconds > LATEST_SECOND) {
            throw wrong("timestamp must be there, as a number of seconds");
        }
        return seconds;
    }

    private static ApiException wrong(String message) {
        return new ApiException(ErrorCode.BAD_PARAMETER, message);
    }
}
