package alirtc.appserver.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/** Whatever comes as a message gives well-formed events, or is rejected without being repeated. */
public final class EventMessageFuzz {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern SESSION = Pattern.compile("[!-~]{1,128}");
    private static final Pattern CLOSED = Pattern.compile("close@[1-9][0-9]{0,9}");
    private static final Pattern REJECTION = Pattern.compile(
            "The message (?:must be a JSON object|must name an application in AppId" + "|has more than 65536 bytes)");

    private EventMessageFuzz() {}

    /** Loads the JSON reader, which can take longer than any input may. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput("{}".getBytes(UTF_8));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            var message = EventMessage.parse(input);
            if (message.appId().isEmpty() || message.events().size() > 100) {
                throw new AssertionError("taken for a message: " + message);
            }
            message.events().forEach(EventMessageFuzz::requireSound);
        } catch (MalformedEventException e) {
            if (!REJECTION.matcher(String.valueOf(e.getMessage())).matches()) {
                throw new AssertionError("an odd rejection", e);
            }
        }
    }

    private static void requireSound(ChannelEvent event) {
        boolean sound = event.kind() == ChannelEvent.Kind.CLOSE
                ? event.user().isEmpty() && CLOSED.matcher(event.session()).matches()
                : NAME.matcher(event.user()).matches()
                        && SESSION.matcher(event.session()).matches();
        if (!sound) {
            throw new AssertionError("taken for an event: " + event);
        }
    }
}
