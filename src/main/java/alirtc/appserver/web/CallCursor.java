package alirtc.appserver.web;

import alirtc.appserver.overview.CallList.Position;
import alirtc.appserver.overview.LiveCall;
import alirtc.appserver.time.EpochNanos;
import alirtc.appserver.token.ChannelId;
import java.util.regex.Pattern;

/** A place in the list of live calls as text, which callers send back as they got it. */
final class CallCursor {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,19})\\.(.+)");

    private CallCursor() {}

    /** Returns the place after a call. */
    static String after(LiveCall call) {
        return EpochNanos.of(call.startedAt()) + "." + call.channel().value();
    }

    /**
     * Returns the place that a text says.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Position parse(String text) {
        var match = FORM.matcher(text);
        if (match.matches()) {
            try {
                return new Position(
                        EpochNanos.toInstant(Long.parseLong(match.group(1))), new ChannelId(match.group(2)));
            } catch (IllegalArgumentException e) {
                // Told below.
            }
        }
        throw new IllegalArgumentException("after must be the next of an earlier answer");
    }
}
