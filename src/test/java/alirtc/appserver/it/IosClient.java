package alirtc.appserver.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** The published iOS app's way: an object {@code data} means success, whatever the code; a null message is its death. */
final class IosClient implements Phone {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final int port;

    IosClient(int port) {
        this.port = port;
    }

    @Override
    public Ticket token(String channel) throws Refused {
        var data = get("token", channel);
        return new Ticket(
                text(data, "appid"),
                text(data, "userid"),
                string(data.path("gslb").path(0), "gslb"),
                text(data, "token"),
                text(data, "nonce"),
                number(data, "timestamp").intValue(),
                text(data.path("turn"), "username"));
    }

    @Override
    public int present(String channel) throws Refused {
        var users = get("descChannelUsers", channel).path("userList");
        if (!users.isArray()) {
            throw new AssertionError("the app dies of a userList that is no list: " + users);
        }
        return users.size();
    }

    @Override
    public Instant startTime(String channel) throws Refused {
        var data = get("descChannelStartTime", channel);
        text(data, "channelStartTimeUtc");
        return Instant.ofEpochMilli(number(data, "channelStartTimeTs").longValue());
    }

    private JsonNode get(String action, String channel) throws Refused {
        var query = "?channelId=" + URLEncoder.encode(channel, StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/1v1-audio/app/" + action + query))
                .timeout(TIMEOUT);
        HEADERS.forEach(request::header);
        try {
            var answer = json.readTree(
                    http.send(request.build(), BodyHandlers.ofString()).body());
            var message = text(answer, "message");
            if (answer.path("data").isObject()) {
                return answer.path("data");
            }
            throw new Refused(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static String text(JsonNode object, String name) {
        return string(object.path(name), name);
    }

    private static String string(JsonNode value, String name) {
        if (!value.isTextual()) {
            throw new AssertionError("the app dies of a " + name + " that is no string: " + value);
        }
        return value.textValue();
    }

    private static JsonNode number(JsonNode object, String name) {
        if (!object.path(name).isIntegralNumber()) {
            throw new AssertionError("the app dies of a " + name + " that is no whole number: " + object);
        }
        return object.path(name);
    }

    @Override
    public String toString() {
        return "iOS";
    }
}
