package alirtc.appserver.rtc;

import java.util.regex.Pattern;

/**
 * A channel name: 1 to 64 letters, digits, underscores and hyphens, and not the reserved {@code 0}, or it cannot be
 * built.
 *
 * @param value the name as callers write it
 */
public record ChannelId(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    public ChannelId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("channelId must be 1-64 of A-Z a-z 0-9 _ -");
        }
        if ("0".equals(value)) {
            throw new IllegalArgumentException("channelId must not be 0, which is reserved");
        }
    }
}
