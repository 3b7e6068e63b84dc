package alirtc.appserver.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** The forms of settings that are numbers or durations, within bounds that both belong to them. */
final class NumberForms {
    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})(ms|s|m|h|d)");

    private NumberForms() {}

    /** Returns the form of whole numbers. */
    static Form<Integer> number(int min, int max) {
        return new Form<>(min + " to " + max, text -> parseInt(text, min, max, ""));
    }

    /** Returns the form of limits, of which -1 is none. */
    static Form<Optional<Integer>> limit(int min, int max) {
        return limit(min, max, "");
    }

    /** Returns the form of limits in minutes, of which -1 is none. */
    static Form<Optional<Duration>> minutes(int min, int max) {
        return limit(min, max, " minutes").map(limit -> limit.map(Duration::ofMinutes));
    }

    private static Form<Optional<Integer>> limit(int min, int max, String unit) {
        return new Form<>(
                min + " to " + max + unit + ", or -1 for no limit",
                text -> "-1".equals(text) ? Optional.empty() : Optional.of(parseInt(text, min, max, "-1 or ")));
    }

    /** Returns the form of durations with a unit. */
    static Form<Duration> duration(Duration min, Duration max) {
        return duration(min, max, "");
    }

    /**
     * Returns the form of durations with a unit.
     *
     * @param condition follows the bounds where a text is rejected: when they are such
     */
    static Form<Duration> duration(Duration min, Duration max, String condition) {
        var bounds = words(min) + " to " + words(max);
        return new Form<>(bounds, text -> {
            var duration = parseDuration(text);
            if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
                throw new IllegalArgumentException("must be from " + bounds + condition);
            }
            return duration;
        });
    }

    /** Returns the duration as a setting would give it. */
    static String words(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 86_400_000 == 0 && millis > 86_400_000) {
            return duration.toDays() + "d";
        }
        if (millis % 3_600_000 == 0) {
            return duration.toHours() + "h";
        }
        if (millis % 60_000 == 0) {
            return duration.toMinutes() + "m";
        }
        return millis % 1000 == 0 ? duration.toSeconds() + "s" : millis + "ms";
    }

    private static int parseInt(String text, int min, int max, String orElse) {
        var range = "must be " + orElse + "a whole number from " + min + " to " + max;
        try {
            int number = Integer.parseInt(text);
            if (number < min || number > max) {
                throw new IllegalArgumentException(range);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(range, e);
        }
    }

    private static Duration parseDuration(String text) {
        var match = DURATION.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("must be a number with a unit ms, s, m, h or d, such as 12h");
        }
        var unit = switch (match.group(2)) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
        return Duration.of(Long.parseLong(match.group(1)), unit);
    }
}
