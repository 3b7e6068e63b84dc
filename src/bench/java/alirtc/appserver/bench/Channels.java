package alirtc.appserver.bench;

/**
 * Channels whose names are a prefix and a number of six digits.
 *
 * @param prefix what their names begin with
 * @param count how many there are
 */
record Channels(String prefix, int count) {
    private static final int FIRST = 100_001;

    /** Returns the name of one of them. */
    String name(int index) {
        return prefix + (FIRST + index % count);
    }
}
