package alirtc.appserver.openapi;

import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A message by which the cloud tells of events, as both products send it. The vendor's documents spell the names in it in
 * several ways, so that they are matched without regard to case.
 *
 * @param appId names the application that it is about
 * @param events those of the first {@value #MAX_CONTENTS} that are of use, in their order
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-listeventsubevent">an example of
 *     the vendor's</a>
 */
public record EventMessage(String appId, List<ChannelEvent> events) {
    /** The longest message that makes sense, in bytes; one about an event has some 500. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_CONTENTS = 100;

    /** A session's name: the cloud's have 32 letters and digits. */
    private static final Pattern SESSION = Pattern.compile("[!-~]{1,128}");

    /** A second within the years that can be told in milliseconds. */
    private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,9}");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Copies the list in. */
    public EventMessage {
        events = List.copyOf(events);
    }

    /**
     * Reads a message, whatever its content type says. Contents that are of no use are left out: events of other kinds, and
     * those that lack the channel, the user, the session or the time, or have them in a form that is none of the cloud's.
     *
     * @param body at most {@link #MAX_BYTES} bytes
     * @throws MalformedEventException if it is no JSON object, is too long, or does not name an application
     */
    public static EventMessage parse(byte[] body) throws MalformedEventException {
        if (body.length > MAX_BYTES) {
            throw new MalformedEventException("The message has more than " + MAX_BYTES + " bytes");
        }
        if (!(read(body) instanceof ObjectNode message)) {
            throw new MalformedEventException("The message must be a JSON object");
        }
        var appId = text(find(message, "AppId"));
        if (appId.isEmpty()) {
            throw new MalformedEventException("The message must name an application in AppId");
        }
        var events = new ArrayList<ChannelEvent>();
        var contents = find(message, "Contents");
        if (contents.isArray()) {
            for (int i = 0; i < contents.size() && i < MAX_CONTENTS; i++) {
                event(message, contents.path(i)).ifPresent(events::add);
            }
        } else {
            event(message, message).ifPresent(events::add);
        }
        return new EventMessage(appId, events);
    }

    private static JsonNode read(byte[] body) throws MalformedEventException {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            // Its text repeats a part of the body.
            throw new MalformedEventException("The message must be a JSON object");
        }
    }

    /** Returns the event that a content tells of, if it is of use. */
    private static Optional<ChannelEvent> event(JsonNode message, JsonNode content) {
        var type = text(find(content, "Event")).toLowerCase(Locale.ROOT);
        var event = find(content, type);
        var tag = text(find(event, "EventTag")).toLowerCase(Locale.ROOT);
        return switch (type + " " + tag) {
            case "userevent join" -> userEvent(message, event, Kind.JOIN);
            case "userevent leave" -> userEvent(message, event, Kind.LEAVE);
            case "channelevent close" -> closed(message, event);
            default -> Optional.empty();
        };
    }

    private static Optional<ChannelEvent> userEvent(JsonNode message, JsonNode event, Kind kind) {
        var session = text(find(event, "SessionId"));
        return SESSION.matcher(session).matches()
                ? channel(message, event)
                        .flatMap(channel -> named(find(event, "UserId"), UserId::new)
                                .map(user -> new ChannelEvent(
                                        channel, kind, user.value().intern(), session)))
                : Optional.empty();
    }

    /** Returns the end of a channel, with a session made of its time, by which a repeated one is recognised. */
    private static Optional<ChannelEvent> closed(JsonNode message, JsonNode event) {
        var at = text(find(event, "Timestamp"));
        return SECONDS.matcher(at).matches()
                ? channel(message, event).map(channel -> new ChannelEvent(channel, Kind.CLOSE, "", "close@" + at))
                : Optional.empty();
    }

    /** Returns the channel, which stands in the event or in the message around it. */
    private static Optional<ChannelId> channel(JsonNode message, JsonNode event) {
        var inside = find(event, "ChannelId");
        return named(inside.isMissingNode() ? find(message, "ChannelId") : inside, ChannelId::new);
    }

    private static <T> Optional<T> named(JsonNode name, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text(name)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns a field by its name in whatever case; the one that is spelled so, if there are several. */
    private static JsonNode find(JsonNode object, String name) {
        if (object.has(name)) {
            return object.path(name);
        }
        for (var field : object.properties()) {
            if (field.getKey().equalsIgnoreCase(name)) {
                return field.getValue();
            }
        }
        return MissingNode.getInstance();
    }

    /** Returns a text, or a whole number as a text; empty if it is something else. */
    private static String text(JsonNode value) {
        return value.isTextual() || value.isIntegralNumber() ? value.asText() : "";
    }
}
