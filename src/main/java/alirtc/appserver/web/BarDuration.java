package alirtc.appserver.web;

import alirtc.appserver.lifecycle.Moderation;
import java.time.Duration;
import java.util.regex.Pattern;

/** For how long tokens are barred, as a parameter says it: in seconds, or with a unit. */
final class BarDuration {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})([smh]?)");

    private BarDuration() {}

    /**
     * Returns the time that a text says.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    static Duration parse(String text) {
        var match = FORM.matcher(text);
        if (match.matches()) {
            long number = Long.parseLong(match.group(1));
            var time = switch (match.group(2)) {
                case "h" -> Duration.ofHours(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofSeconds(number);
            };
            if (time.compareTo(Moderation.MAX_BAR) <= 0) {
                return time;
            }
        }
        throw new IllegalArgumentException(
                "for must be a time from 1s to " + Moderation.MAX_BAR.toHours() + "h, such as 90, 90s, 10m or 2h");
    }
}
