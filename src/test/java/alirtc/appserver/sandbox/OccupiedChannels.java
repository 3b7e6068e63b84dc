package alirtc.appserver.sandbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The names of the channels that somebody is in, sorted at all times, so that a page costs as much as its length. A
 * change moves references only: some microseconds with ten thousand names. Not thread-safe.
 */
final class OccupiedChannels {
    private final List<String> sorted = new ArrayList<>();

    /** Adds a name that is not there. */
    void add(String channel) {
        sorted.add(-1 - Collections.binarySearch(sorted, channel), channel);
    }

    /** Removes a name that is there. */
    void remove(String channel) {
        sorted.remove(Collections.binarySearch(sorted, channel));
    }

    void clear() {
        sorted.clear();
    }

    /**
     * Returns a page as it is now; the next one may have moved meanwhile.
     *
     * @param number from 1
     */
    Page page(int number, int size) {
        var from = Math.min((number - 1L) * size, sorted.size());
        var to = Math.min(from + size, sorted.size());
        return new Page(sorted.size(), sorted.subList((int) from, (int) to));
    }

    /**
     * Some of the names.
     *
     * @param total how many names there are in all
     */
    record Page(int total, List<String> channels) {
        Page {
            channels = List.copyOf(channels);
        }
    }
}
