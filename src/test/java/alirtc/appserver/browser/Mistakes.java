package alirtc.appserver.browser;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.Locale;

/** The ways in which people get a token wrong, each made out of one that is right. */
final class Mistakes {
    /**
     * What a developer would bring to the page.
     *
     * @param text what is pasted
     * @param channel where the token is used
     * @param user for whom
     */
    record Paste(String text, String channel, String user) {}

    private Mistakes() {}

    /** Makes a mistake with an answer that was issued for the channel {@code room}. */
    static Paste make(String mistake, ObjectNode envelope) {
        var data = (ObjectNode) envelope.path("data");
        var user = data.path("userid").textValue();
        var token = data.path("token").textValue();
        long timestamp = data.path("timestamp").longValue();
        var right = new Paste(envelope.toString(), "room", user);
        return switch (mistake) {
            case "milliseconds" -> pasted(envelope, data.put("timestamp", timestamp * 1000), user);
            case "quoted" -> pasted(envelope, data.put("timestamp", Long.toString(timestamp)), user);
            case "lifetime" -> pasted(envelope, data.put("timestamp", 43200), user);
            case "notANumber" -> pasted(envelope, data.put("timestamp", "2026-11-22"), user);
            case "tooFar" -> pasted(envelope, data.put("timestamp", timestamp + 30 * 86400), user);
            case "nonceForm" -> pasted(envelope, data.put("nonce", "550e8400-e29b-41d4-a716-446655440000"), user);
            case "nonceEmpty" -> {
                data.remove("turn");
                yield pasted(envelope, data.put("nonce", ""), user);
            }
            case "channelBlank" -> new Paste(right.text(), "room ", user);
            case "channelZero" -> new Paste(right.text(), "0", user);
            case "userAtSign" -> new Paste(right.text(), "room", "ann@example.com");
            case "userTooLong" -> new Paste(right.text(), "room", "a".repeat(65));
            case "otherChannel" -> new Paste(right.text(), "Room", user);
            case "otherUser" -> new Paste(right.text(), "room", "ann");
            case "otherApp" -> pasted(envelope, data.put("appid", "otherapp"), user);
            case "similarApp" -> pasted(envelope, data.put("appid", "iwo5zzzz"), user);
            case "appIdBlank" -> pasted(envelope, data.put("appid", "iwo5l81k "), user);
            case "tokenCut" -> pasted(envelope, data.put("token", token.substring(0, 60)), user);
            case "tokenUpper" -> pasted(envelope, data.put("token", token.toUpperCase(Locale.ROOT)), user);
            case "tokenOfOther" -> pasted(envelope, data.put("token", "0".repeat(64)), user);
            case "noToken" -> pasted(envelope, data.without("token"), user);
            case "noUse" -> new Paste(right.text(), "", "");
            case "joinString" -> new Paste(joinString(data), "room", user);
            case "errorAnswer" ->
                new Paste(
                        "{\"result\":\"false\",\"requestId\":\"1\",\"message\":\"channelId is missing\",\"code\":\"400\"}",
                        "room",
                        user);
            case "noJson" -> new Paste("<html>502 Bad Gateway</html>", "room", user);
            case "nothing" -> new Paste("", "", "");
            default -> right;
        };
    }

    private static Paste pasted(ObjectNode envelope, ObjectNode data, String user) {
        return new Paste(envelope.set("data", data).toString(), "room", user);
    }

    private static String joinString(ObjectNode data) {
        data.remove("turn");
        return Base64.getEncoder()
                .encodeToString(data.put("channelid", "room").toString().getBytes(US_ASCII));
    }
}
