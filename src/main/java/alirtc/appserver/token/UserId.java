package alirtc.appserver.token;

/**
 * A user's name in a channel: 1 to 64 letters, digits, underscores and hyphens, or it cannot be built.
 *
 * @param value the name as the phones' SDK takes it
 */
public record UserId(String value) {
    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    public UserId {
        if (!Name.isWellFormed(value)) {
            throw new IllegalArgumentException("userId must be 1-64 of A-Z a-z 0-9 _ -");
        }
    }
}
