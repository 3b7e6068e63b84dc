package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import alirtc.appserver.token.ChannelId;
import java.util.regex.Pattern;

/** The query of a request names a well-formed channel, or is refused without being repeated. */
public final class QueryParametersFuzz {
    private static final Pattern CHANNEL = Pattern.compile("(?!0$)[A-Za-z0-9_-]{1,64}");
    private static final Pattern REFUSAL = Pattern.compile(
            "channelId (?:is missing; send \\?channelId=\\.\\.\\.|must be given once|must be 1-64 of A-Z a-z 0-9 _ -"
                    + "|must not be 0, which is reserved)|the query beside channelId holds a broken % escape");

    private QueryParametersFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var query = new QueryParameters(new String(input, ISO_8859_1));
        try {
            var channel = query.required("channelId", ChannelId::new).value();
            if (!CHANNEL.matcher(channel).matches()) {
                throw new AssertionError("taken for a channel: " + channel);
            }
        } catch (ApiException e) {
            var message = String.valueOf(e.getMessage());
            if (e.code() != ErrorCode.BAD_PARAMETER || !REFUSAL.matcher(message).matches()) {
                throw new AssertionError("an odd refusal: " + message, e);
            }
        }
    }
}
