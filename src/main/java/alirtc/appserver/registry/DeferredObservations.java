package alirtc.appserver.registry;

import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Observations that a store could not take when they were made: it learns from them once it can, those of a channel in
 * their order. Else nobody would know of people who came and left while it was away. Thread-safe; never blocks.
 */
final class DeferredObservations {
    /** So many channels may have some. */
    private static final int MAX_CHANNELS = 10_000;

    /** So many a channel may have: the latest. */
    private static final int MAX_OF_A_CHANNEL = 8;

    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    /** For so long the store is tried. */
    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    private final ConcurrentHashMap<ChannelId, List<Deferred>> waiting = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final Timers timers;

    /** An observation since a time. */
    private record Deferred(Supplier<? extends CompletableFuture<?>> learning, Instant since) {}

    /**
     * Builds what has nothing to learn from.
     *
     * @param clock a clock that never steps
     */
    DeferredObservations(InstantSource clock, Timers timers) {
        this.clock = clock;
        this.timers = timers;
    }

    /**
     * Has the store learn from an observation; later, if that cannot be done now.
     *
     * @param learning begins to do so; called again if that fails with a {@link RegistryException}
     * @return what comes of it now
     */
    <T> CompletableFuture<T> learn(ChannelId channel, Supplier<CompletableFuture<T>> learning) {
        var one = new Deferred(learning, clock.instant());
        if (waiting.computeIfPresent(channel, (key, earlier) -> with(earlier, one)) != null) {
            return CompletableFuture.failedFuture(new RegistryException("earlier lookups wait for the registry"));
        }
        return learning.get().whenComplete((result, failure) -> {
            if (failure != null && RegistryException.causes(failure) && waiting.size() < MAX_CHANNELS) {
                waiting.merge(channel, List.of(one), (others, own) -> with(others, one));
                timers.after(RETRY_DELAY, () -> retry(channel));
            }
        });
    }

    private static List<Deferred> with(List<Deferred> earlier, Deferred one) {
        var all = new ArrayList<>(earlier);
        if (all.size() >= MAX_OF_A_CHANNEL) {
            all.remove(0);
        }
        all.add(one);
        return List.copyOf(all);
    }

    private void retry(ChannelId channel) {
        var all = waiting.get(channel);
        if (all == null) {
            return;
        }
        var first = all.get(0);
        if (first.since.plus(MAX_AGE).isBefore(clock.instant())) {
            done(channel, first);
            return;
        }
        // The stage goes on by itself.
        var unused = first.learning.get().whenComplete((result, failure) -> {
            if (failure != null && RegistryException.causes(failure)) {
                timers.after(RETRY_DELAY, () -> retry(channel));
            } else {
                done(channel, first);
            }
        });
    }

    /** Goes on with the next one. */
    private void done(ChannelId channel, Deferred one) {
        if (waiting.computeIfPresent(channel, (key, all) -> without(all, one)) != null) {
            retry(channel);
        }
    }

    private static @Nullable List<Deferred> without(List<Deferred> all, Deferred one) {
        var left = all.stream().filter(other -> !other.equals(one)).toList();
        return left.isEmpty() ? null : left;
    }
}
