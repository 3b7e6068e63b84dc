package alirtc.appserver.records;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/** The calls in a file of records: those that are open, and the records of those that are over. For one thread. */
final class CallTable {
    private static final String TIME = "%013d_";

    /** By the ids of calls: what is on record so far. */
    private final MVMap<String, String> open;

    /** By channels: the call that is in them now, by its id. */
    private final MVMap<String, String> channels;

    /** By the ends of calls and their ids: their latest records. */
    private final MVMap<String, String> ended;

    /** By the ids of calls: the keys of their records. */
    private final MVMap<String, String> keys;

    CallTable(MVStore store) {
        this.open = RecordFile.table(store, "open");
        this.channels = RecordFile.table(store, "channels");
        this.ended = RecordFile.table(store, "ended");
        this.keys = RecordFile.table(store, "keys");
    }

    /** Records what is on record of a channel's call; nothing is once the call is none any more. */
    void putOpen(String channel, @Nullable String callId, @Nullable String text) {
        var before = callId == null ? channels.remove(channel) : channels.put(channel, callId);
        if (before != null && !before.equals(callId)) {
            open.remove(before);
        }
        if (callId != null && text != null) {
            open.put(callId, text);
        }
    }

    /** Returns all that is on record of calls that are open, by their ids. */
    Map<String, String> allOpen() {
        return Map.copyOf(open);
    }

    /** Forgets which calls are in the channels, but for those given, by channel. */
    void startOver(Map<String, String> known) {
        channels.clear();
        channels.putAll(known);
    }

    /** Forgets a call that is not open any more. */
    void removeOpen(String callId) {
        open.remove(callId);
    }

    /** Records the end of a call in place of any former record of it. */
    void putEnded(String callId, long endedAtMillis, String text) {
        var key = TIME.formatted(endedAtMillis) + callId;
        var before = keys.put(callId, key);
        if (before != null) {
            ended.remove(before);
        }
        ended.put(key, text);
    }

    /** Returns the records of the calls that ended in a span, the earliest first. */
    List<String> endedBetween(long fromMillis, long untilMillis, int max) {
        return read(TIME.formatted(fromMillis), TIME.formatted(untilMillis), max, false);
    }

    /** Returns the records of the calls that ended last, the latest first. */
    List<String> newest(int max) {
        return read(null, null, max, true);
    }

    private List<String> read(@Nullable String from, @Nullable String until, int max, boolean reverse) {
        var texts = new ArrayList<String>();
        var cursor = reverse ? ended.cursor(ended.lastKey(), null, true) : ended.cursor(from);
        while (texts.size() < max && cursor.hasNext()) {
            var key = cursor.next();
            if (until != null && key.compareTo(until) >= 0) {
                break;
            }
            texts.add(Objects.requireNonNull(cursor.getValue()));
        }
        return texts;
    }

    /** Forgets records of calls that ended before a time, the earliest first. */
    void expire(long beforeMillis, int max) {
        var bound = TIME.formatted(beforeMillis);
        for (int i = 0; i < max; i++) {
            var first = ended.firstKey();
            if (first == null || first.compareTo(bound) >= 0) {
                return;
            }
            ended.remove(first);
            keys.remove(first.substring(bound.length()));
        }
    }
}
