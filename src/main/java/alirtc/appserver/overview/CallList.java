package alirtc.appserver.overview;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.registry.CallStore;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * All live calls, page by page, the newest first, and single channels by name. However many ask, the store is read through
 * once a second at the most. Thread-safe; never blocks.
 */
public final class CallList {
    /** How many calls are listed at the most; whether there are more is told. */
    public static final int MAX = 10_000;

    private static final Comparator<LiveCall> NEWEST_FIRST = Comparator.comparing(LiveCall::startedAt)
            .reversed()
            .thenComparing(call -> call.channel().value());

    private final CallStore store;
    private final CallRules rules;
    private final Remembered<Reading> latest;

    /**
     * The live calls at a moment.
     *
     * @param calls the newest first
     * @param complete whether they are all
     */
    private record Reading(List<LiveCall> calls, boolean complete) {}

    /**
     * Some of the live calls.
     *
     * @param calls the newest first
     * @param hasMore whether others follow
     * @param complete whether all pages together hold all live calls
     */
    public record Page(List<LiveCall> calls, boolean hasMore, boolean complete) {}

    /**
     * A place in the list, which holds though calls come and go.
     *
     * @param startedAt when the call before it began
     * @param channel that call's channel
     */
    public record Position(Instant startedAt, ChannelId channel) {
        boolean isBefore(LiveCall call) {
            int order = call.startedAt().compareTo(startedAt);
            return order < 0 || (order == 0 && call.channel().value().compareTo(channel.value()) > 0);
        }
    }

    /**
     * Builds the list.
     *
     * @param rules what ends a call
     */
    public CallList(CallStore store, CallRules rules) {
        this.store = store;
        this.rules = rules;
        this.latest = new Remembered<>(store.clock(), new Reading(List.of(), true), this::read);
    }

    /** Returns the clock that the times are by. */
    public SteadyClock clock() {
        return store.clock();
    }

    /**
     * Returns a page of the list as it is, or was a second ago; fails with a
     * {@link alirtc.appserver.registry.RegistryException} if the store cannot be asked.
     *
     * @param after where it begins; at the newest call, if empty
     * @param max how many calls it has at the most
     */
    public CompletableFuture<Page> page(Optional<Position> after, int max) {
        return latest.get().thenApply(reading -> {
            var left = reading.calls().stream()
                    .filter(call -> after.isEmpty() || after.get().isBefore(call))
                    .limit(max + 1L)
                    .toList();
            boolean hasMore = left.size() > max;
            return new Page(hasMore ? left.subList(0, max) : left, hasMore, reading.complete());
        });
    }

    private CompletableFuture<Reading> read() {
        var now = store.clock().instant();
        return store.live(MAX + 1).thenApply(states -> read(states, now));
    }

    private Reading read(List<ChannelState> states, Instant now) {
        return new Reading(
                states.stream()
                        .limit(MAX)
                        .map(state -> LiveCall.of(state, rules, now))
                        .sorted(NEWEST_FIRST)
                        .toList(),
                states.size() <= MAX);
    }

    /** Returns what is known of a channel right now, if anything is; fails as {@link #page} does. */
    public CompletableFuture<Optional<ChannelDetails>> find(ChannelId channel) {
        return store.current(channel)
                .thenApply(known -> known.map(
                        state -> ChannelDetails.of(state, rules, store.clock().instant())));
    }
}
