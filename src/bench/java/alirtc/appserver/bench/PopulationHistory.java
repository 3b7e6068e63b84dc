package alirtc.appserver.bench;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

/** The last things that happened to one channel, to be printed if something proves wrong. */
final class PopulationHistory {
    private static final int KEPT = 120;

    private final Deque<Entry> entries = new ArrayDeque<>();

    private record Entry(Instant at, String what, String detail) {}

    /**
     * Adds an entry.
     *
     * @param at when it was, which may be before others that were added earlier
     */
    void add(Instant at, String what, String detail) {
        if (entries.size() == KEPT) {
            entries.removeFirst();
        }
        entries.addLast(new Entry(at, what, detail));
    }

    /** Returns a line for each entry, in the order of their times. */
    @Override
    public String toString() {
        return entries.stream()
                .sorted((one, other) -> one.at.compareTo(other.at))
                .map(entry -> "    " + entry.at + " " + entry.what + " " + entry.detail)
                .collect(Collectors.joining("\n"));
    }
}
