package alirtc.appserver.registry;

import alirtc.appserver.call.ChannelState;
import alirtc.appserver.token.ChannelId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The live channels whose calls began last, as far as this server has seen them change. Holds a fixed number, however many
 * there are. Whatever falls out of it comes back with the next observation of its channel if there is room by then, so
 * that after a round of observations it holds the newest again, whichever have ended. Thread-safe.
 */
public final class NewestCalls {
    /** Several times as many as anybody is shown, so that enough are left when many end at once. */
    static final int MAX = 500;

    private final ConcurrentHashMap<ChannelId, Entry> byChannel = new ConcurrentHashMap<>();

    /** Guarded by itself. */
    private final TreeSet<Entry> newestFirst = new TreeSet<>();

    /** Whatever began before it is not among the newest. */
    private volatile Instant oldest = Instant.MIN;

    private record Entry(Instant startedAt, ChannelId channel) implements Comparable<Entry> {
        private static final Comparator<Entry> NEWEST_FIRST = Comparator.comparing(Entry::startedAt)
                .reversed()
                .thenComparing(entry -> entry.channel().value());

        @Override
        public int compareTo(Entry other) {
            return NEWEST_FIRST.compare(this, other);
        }
    }

    /** Takes in the state of a channel after any change. */
    void changed(ChannelState state) {
        if (!state.isLive()) {
            forget(state.channel());
            return;
        }
        var entry = new Entry(state.call().safeStart(), state.channel());
        var known = byChannel.get(entry.channel());
        if (!entry.equals(known) && (known != null || entry.startedAt().isAfter(oldest))) {
            put(entry);
        }
    }

    /** Drops a channel that is not live any more. */
    public void forget(ChannelId channel) {
        if (byChannel.containsKey(channel)) {
            synchronized (newestFirst) {
                var known = byChannel.remove(channel);
                if (known != null) {
                    newestFirst.remove(known);
                }
                oldest = Instant.MIN;
            }
        }
    }

    private void put(Entry entry) {
        synchronized (newestFirst) {
            var known = byChannel.put(entry.channel(), entry);
            if (known != null) {
                newestFirst.remove(known);
            }
            newestFirst.add(entry);
            if (newestFirst.size() > MAX) {
                byChannel.remove(newestFirst.last().channel());
                newestFirst.remove(newestFirst.last());
            }
            if (newestFirst.size() == MAX) {
                oldest = newestFirst.last().startedAt();
            }
        }
    }

    /** Returns the names of the newest, the newest first. */
    public List<ChannelId> first(int most) {
        synchronized (newestFirst) {
            return newestFirst.stream().limit(most).map(Entry::channel).toList();
        }
    }
}
