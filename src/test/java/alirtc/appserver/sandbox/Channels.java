package alirtc.appserver.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is in which channel. No operation but the snapshot takes longer the more channels there are. Thread-safe; listeners
 * hear of changes in their order, before the operation returns.
 */
final class Channels {
    /** How long an emptied channel goes on existing. */
    static final Duration LINGER = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final ScheduledExecutorService scheduler;
    private final Consumer<ChannelChange> listener;
    private final Map<String, Channel> existing = new HashMap<>();
    private final OccupiedChannels occupied = new OccupiedChannels();
    private final Queue<Emptied> emptied = new PriorityQueue<>(Comparator.comparing(Emptied::at));

    /**
     * Starts without channels.
     *
     * @param scheduler ends channels that stay empty
     * @param listener is called under the lock, so that it must neither wait nor call back
     */
    Channels(InstantSource clock, ScheduledExecutorService scheduler, Consumer<ChannelChange> listener) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.listener = listener;
    }

    private static final class Channel {
        final Map<String, Participant> present = new LinkedHashMap<>();
        /** Whether clients were told that it opened, and not yet that it closed. */
        boolean open;

        @Nullable
        Instant emptiedAt;
    }

    /** A channel that was empty at some time, and may be occupied again since. */
    private record Emptied(String name, Instant at) {}

    /** Adds the user; one who is present already leaves and starts a new session, as in the cloud. */
    synchronized Participant join(String name, String user) {
        closeDue();
        var now = clock.instant();
        var channel = existing.computeIfAbsent(name, absent -> new Channel());
        channel.emptiedAt = null;
        if (!channel.open) {
            channel.open = true;
            listener.accept(new ChannelChange.Opened(name, now));
        }
        if (channel.present.isEmpty()) {
            occupied.add(name);
        }
        var before = channel.present.remove(user);
        if (before != null) {
            listener.accept(new ChannelChange.Left(name, before, now, false));
        }
        var joined = new Participant(user, now, UUID.randomUUID().toString().replace("-", ""));
        channel.present.put(user, joined);
        listener.accept(new ChannelChange.Joined(name, joined, now));
        return joined;
    }

    /** Removes the user and returns whether the user was present. */
    synchronized boolean leave(String name, String user) {
        closeDue();
        var channel = existing.get(name);
        var left = channel == null ? null : channel.present.remove(user);
        if (channel == null || left == null) {
            return false;
        }
        var now = clock.instant();
        listener.accept(new ChannelChange.Left(name, left, now, false));
        if (channel.present.isEmpty()) {
            empty(name, channel, now);
        }
        return true;
    }

    /** Removes everybody, closes the channel and returns whether it existed; lookups show it for some seconds more. */
    synchronized boolean delete(String name) {
        closeDue();
        var channel = existing.get(name);
        if (channel == null) {
            return false;
        }
        var now = clock.instant();
        var present = List.copyOf(channel.present.values());
        channel.present.clear();
        present.forEach(one -> listener.accept(new ChannelChange.Left(name, one, now, true)));
        if (!present.isEmpty()) {
            empty(name, channel, now);
        }
        close(name, channel, now);
        return true;
    }

    synchronized ChannelView view(String name) {
        closeDue();
        var channel = existing.get(name);
        List<Participant> present = channel == null ? List.of() : List.copyOf(channel.present.values());
        return new ChannelView(channel != null, present, clock.instant(), Duration.ZERO);
    }

    /** Returns a page of the channels that somebody is in, by name. */
    synchronized OccupiedChannels.Page occupied(int page, int size) {
        return occupied.page(page, size);
    }

    /** Returns a snapshot of the channels that somebody is in. */
    synchronized Map<String, List<Participant>> snapshot() {
        var copy = new TreeMap<String, List<Participant>>();
        existing.forEach((name, channel) -> {
            if (!channel.present.isEmpty()) {
                copy.put(name, List.copyOf(channel.present.values()));
            }
        });
        return copy;
    }

    /** Forgets all channels without a change that a listener would hear of. */
    synchronized void clear() {
        existing.clear();
        occupied.clear();
        emptied.clear();
    }

    private void empty(String name, Channel channel, Instant now) {
        channel.emptiedAt = now;
        occupied.remove(name);
        var one = new Emptied(name, now);
        emptied.add(one);
        scheduleClosing(one, LINGER);
    }

    private void scheduleClosing(Emptied one, Duration delay) {
        var unused = scheduler.schedule(() -> closeOnTime(one), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Closes what is due, though nobody asks; tries again if the clock is behind the scheduler. */
    private synchronized void closeOnTime(Emptied one) {
        closeDue();
        var channel = existing.get(one.name());
        if (channel != null && one.at().equals(channel.emptiedAt)) {
            var left = Duration.between(clock.instant(), one.at().plus(LINGER));
            scheduleClosing(one, left.plusMillis(1));
        }
    }

    private void closeDue() {
        var now = clock.instant();
        for (var next = emptied.peek(); next != null && !now.isBefore(next.at().plus(LINGER)); next = emptied.peek()) {
            emptied.remove();
            var channel = existing.get(next.name());
            // Another join, and another leave, may have come in between.
            if (channel != null && next.at().equals(channel.emptiedAt)) {
                existing.remove(next.name());
                close(next.name(), channel, now);
            }
        }
    }

    private void close(String name, Channel channel, Instant now) {
        if (channel.open) {
            channel.open = false;
            listener.accept(new ChannelChange.Closed(name, now));
        }
    }
}
