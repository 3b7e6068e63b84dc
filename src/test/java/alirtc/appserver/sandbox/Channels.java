package alirtc.appserver.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who is in which channel. Thread-safe. */
final class Channels {
    /** How long an emptied channel goes on as existing. */
    private static final Duration LINGER = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final Map<String, Map<String, Participant>> present = new TreeMap<>();
    private final Map<String, Instant> emptiedAt = new TreeMap<>();

    Channels(InstantSource clock) {
        this.clock = clock;
    }

    /** Adds the user; one who is present already starts anew, as in the cloud. */
    synchronized void join(String channel, String user) {
        emptiedAt.remove(channel);
        var users = present.computeIfAbsent(channel, name -> new LinkedHashMap<>());
        users.remove(user);
        users.put(user, new Participant(user, clock.instant()));
    }

    /** Removes the user and returns whether the user was present. */
    synchronized boolean leave(String channel, String user) {
        var users = present.get(channel);
        if (users == null || users.remove(user) == null) {
            return false;
        }
        if (users.isEmpty()) {
            empty(channel);
        }
        return true;
    }

    /** Removes everybody and returns whether the channel existed. */
    synchronized boolean delete(String channel) {
        var existed = view(channel).exists();
        if (present.containsKey(channel)) {
            empty(channel);
        }
        return existed;
    }

    synchronized ChannelView view(String channel) {
        var now = clock.instant();
        emptiedAt.values().removeIf(at -> !now.isBefore(at.plus(LINGER)));
        var users = present.getOrDefault(channel, Map.of());
        var exists = !users.isEmpty() || emptiedAt.containsKey(channel);
        return new ChannelView(exists, List.copyOf(users.values()), now, Duration.ZERO);
    }

    /** Returns a snapshot of the channels that somebody is in. */
    synchronized Map<String, List<Participant>> snapshot() {
        var copy = new TreeMap<String, List<Participant>>();
        present.forEach((channel, users) -> copy.put(channel, List.copyOf(users.values())));
        return copy;
    }

    synchronized void clear() {
        present.clear();
        emptiedAt.clear();
    }

    private void empty(String channel) {
        present.remove(channel);
        emptiedAt.put(channel, clock.instant());
    }
}
