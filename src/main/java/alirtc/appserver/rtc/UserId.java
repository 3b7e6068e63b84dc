package alirtc.appserver.rtc;

import java.util.regex.Pattern;

/**
 * A user's name in a channel: 1 to 64 letters, digits, underscores and hyphens, or it cannot be built.
 *
 * @param value the name as the phones' SDK takes it
 */
public record UserId(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    public UserId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("userId must be 1-64 of A-Z a-z 0-9 _ -");
        }
    }
}
