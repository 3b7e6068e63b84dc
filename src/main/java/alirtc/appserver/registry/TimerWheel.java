package alirtc.appserver.registry;

import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which channels want attention when, to a quarter of a second. Adding and taking cost the same however many there are,
 * since channels due in the same quarter share a slot. An entry is a reminder only: whoever takes it checks what is
 * really due, and nobody removes it before its time. Thread-safe.
 */
final class TimerWheel {
    private static final Duration SLOT = Duration.ofMillis(250);

    private final ConcurrentHashMap<Long, List<ChannelId>> slots = new ConcurrentHashMap<>();
    private volatile long lastTaken;
    private long lastRemoved;

    /** Starts an empty agenda. */
    TimerWheel(Instant now) {
        lastTaken = begunSlot(now);
        lastRemoved = lastTaken;
    }

    /** Reminds of a channel as soon as its time has come. */
    void add(Instant due, ChannelId channel) {
        // Rounded up, so that what is due has come when its slot is taken.
        long slot = -Math.floorDiv(-due.toEpochMilli() - 1, SLOT.toMillis());
        boolean added = false;
        while (!added) {
            added = addTo(Math.max(slot, lastTaken + 1), channel);
        }
    }

    /** Adds to a slot unless it is taken meanwhile. */
    private boolean addTo(long slot, ChannelId channel) {
        var added = new AtomicBoolean();
        slots.compute(slot, (key, already) -> {
            if (key <= lastTaken) {
                return already;
            }
            added.set(true);
            var channels = already == null ? new ArrayList<ChannelId>(1) : already;
            channels.add(channel);
            return channels;
        });
        return added.get();
    }

    /**
     * Takes out the channels whose time has come, the earliest first, each once. Those that are due come again, should
     * nothing be done about them; an error on the way leaves all where they are.
     *
     * @param due returns what really has to be attended to now of a channel; null if nothing has
     * @param again when those come again
     */
    synchronized <T> List<T> take(Instant now, Function<ChannelId, @Nullable T> due, Instant again) {
        long last = begunSlot(now);
        // Marked before they are read: whoever adds later sees the mark, whoever added before is in the list.
        lastTaken = Math.max(lastTaken, last);
        var taken = new LinkedHashMap<ChannelId, T>();
        for (long slot = lastRemoved + 1; slot <= last; slot++) {
            slots.computeIfPresent(slot, (key, channels) -> {
                channels.forEach(channel -> taken.computeIfAbsent(channel, due));
                return channels;
            });
        }
        taken.keySet().forEach(channel -> add(again, channel));
        while (lastRemoved < last) {
            slots.remove(++lastRemoved);
        }
        return List.copyOf(taken.values());
    }

    private static long begunSlot(Instant now) {
        return Math.floorDiv(now.toEpochMilli(), SLOT.toMillis());
    }
}
