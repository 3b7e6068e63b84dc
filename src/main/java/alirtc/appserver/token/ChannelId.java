package alirtc.appserver.token;

/**
 * A channel name: 1 to 64 letters, digits, underscores and hyphens, and not the reserved {@code 0}, or it cannot be
 * built.
 *
 * @param value the name as callers write it
 */
public record ChannelId(String value) {
    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    public ChannelId {
        if (!Name.isWellFormed(value)) {
            throw new IllegalArgumentException("channelId must be 1-64 of A-Z a-z 0-9 _ -");
        }
        if ("0".equals(value)) {
            throw new IllegalArgumentException("channelId must not be 0, which is reserved");
        }
    }
}
