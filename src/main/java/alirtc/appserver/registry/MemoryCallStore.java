package alirtc.appserver.registry;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Transition;
import alirtc.appserver.logging.ThrottledWarning;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The channels of this server alone, in memory: every future is done when it is returned. Thread-safe; never fails. */
public final class MemoryCallStore implements CallStore {
    /** How soon a channel comes again that could not be attended to. */
    private static final Duration RESCHEDULED_AFTER = Duration.ofSeconds(1);

    /** How soon a channel comes again that was taken and about which nothing was done: an error came between. */
    private static final Duration LEASE = Duration.ofSeconds(10);

    /** How much of the heap there has to be for each channel, which itself takes a small part of that. */
    private static final int HEAP_PER_CHANNEL = 8 * 1024;

    private static final int MAX_BY_HEAP = 1_000_000;

    /** How many channels are tried when one has to make room. */
    private static final int MAX_TRIED = 16;

    private final ConcurrentHashMap<ChannelId, CompactState> states = new ConcurrentHashMap<>();
    private final LongAdder live = new LongAdder();
    private final LongAdder keptEnded = new LongAdder();

    /** The channels that can make room, in the order in which they came. Guarded by itself. */
    private final LinkedHashSet<ChannelId> unseen = new LinkedHashSet<>();

    private final CallRules rules;
    private final int max;
    private final SteadyClock clock;
    private final Consumer<ChannelState> displaced;
    private final ThrottledWarning full;
    private final TimerWheel wheel;

    /**
     * Builds an empty store.
     *
     * @param rules what ends a call
     * @param max how many channels it holds; at least 1
     * @param clock what calls are counted by
     * @param displaced is told of each state that made room for another
     */
    public MemoryCallStore(CallRules rules, int max, SteadyClock clock, Consumer<ChannelState> displaced) {
        this.rules = rules;
        this.max = max;
        this.clock = clock;
        this.displaced = displaced;
        this.full = new ThrottledWarning(LoggerFactory.getLogger(MemoryCallStore.class), clock);
        this.wheel = new TimerWheel(clock.instant());
    }

    /** Returns how many channels a heap of so many bytes has room for beside all else; at least 1. */
    public static int capacity(long heapBytes) {
        return (int) Math.max(1, Math.min(MAX_BY_HEAP, heapBytes / HEAP_PER_CHANNEL));
    }

    @Override
    public SteadyClock clock() {
        return clock;
    }

    @Override
    public CompletableFuture<Optional<ChannelState>> find(ChannelId channel) {
        return CompletableFuture.completedFuture(Optional.ofNullable(state(states.get(channel))));
    }

    @Override
    public CompletableFuture<Change> change(ChannelId channel, Function<@Nullable ChannelState, Transition> step) {
        return CompletableFuture.completedFuture(changed(channel, step));
    }

    Change changed(ChannelId channel, Function<@Nullable ChannelState, Transition> step) {
        var held = states.get(channel);
        var before = state(held);
        var next = step.apply(before);
        while (!replace(channel, held, next.after())) {
            held = states.get(channel);
            if (held == null && states.mappingCount() >= max && !makeRoom()) {
                return new Change(null, null, List.of());
            }
            before = state(held);
            next = step.apply(before);
        }
        var after = next.after();
        recordChange(channel, before, after);
        if (after != null) {
            var known = Optional.ofNullable(before);
            // A reminder would keep the name that came with the request for as long as it waits.
            var kept = after.channel();
            schedule(known.map(MemoryCallStore::nextPollAt), nextPollAt(after), kept);
            // Apart from the poll, which may wait long for its turn when the call's end does not.
            after.deadlineAt(rules)
                    .ifPresent(at -> schedule(known.flatMap(state -> state.deadlineAt(rules)), at, kept));
        }
        return new Change(before, after, next.notices());
    }

    private void recordChange(ChannelId channel, @Nullable ChannelState before, @Nullable ChannelState after) {
        count(before, -1);
        count(after, 1);
        if (isUnseen(before) != isUnseen(after)) {
            synchronized (unseen) {
                // Of two who change a channel at the same time, the later one to come here finds what both left.
                if (isUnseen(state(states.get(channel)))) {
                    unseen.add(channel);
                } else {
                    unseen.remove(channel);
                }
            }
        }
    }

    private static boolean isUnseen(@Nullable ChannelState state) {
        return state != null && state.isUnseen() && state.bars().isEmpty();
    }

    /** Forgets a channel in which nobody was seen, the earliest first; returns whether there was one. */
    private boolean makeRoom() {
        var forgotten = takeUnseen();
        forgotten.ifPresent(state -> {
            recordChange(state.channel(), state, null);
            full.warn("The registry is full: of {} channels, those in which nobody was seen make room for others", max);
            displaced.accept(state);
        });
        return forgotten.isPresent();
    }

    private Optional<ChannelState> takeUnseen() {
        var now = clock.instant();
        synchronized (unseen) {
            for (int left = Math.min(MAX_TRIED, unseen.size()); left > 0; left--) {
                var channel = unseen.iterator().next();
                unseen.remove(channel);
                var held = states.get(channel);
                var state = state(held);
                if (state != null && state.mayMakeRoom(now) && states.remove(channel, held)) {
                    return Optional.of(state);
                }
                if (isUnseen(state(states.get(channel)))) {
                    unseen.add(channel);
                }
            }
        }
        return Optional.empty();
    }

    private static Instant nextPollAt(ChannelState state) {
        return state.call().schedule().nextPollAt();
    }

    /** Has a channel come when something is due, unless it comes then already, or came and is taken again by its lease. */
    private void schedule(Optional<Instant> before, Instant due, ChannelId channel) {
        if (!before.equals(Optional.of(due))) {
            wheel.add(due, channel);
        }
    }

    private void count(@Nullable ChannelState state, int step) {
        if (state != null && state.isLive()) {
            live.add(step);
        } else if (state != null && state.call().stage() == Stage.ENDED) {
            keptEnded.add(step);
        }
    }

    /** Puts a state of a channel in place of what is held of it, unless that has changed or there is no room. */
    private boolean replace(ChannelId channel, @Nullable CompactState held, @Nullable ChannelState after) {
        if (after == null) {
            return held == null || states.remove(channel, held);
        }
        var next = new CompactState(after);
        return held == null
                ? states.mappingCount() < max && states.putIfAbsent(channel, next) == null
                : states.replace(channel, held, next);
    }

    private static @Nullable ChannelState state(@Nullable CompactState held) {
        return held == null ? null : held.toState();
    }

    @Override
    public CompletableFuture<List<ChannelState>> live(int max) {
        return CompletableFuture.completedFuture(states.values().stream()
                .map(CompactState::toState)
                .filter(ChannelState::isLive)
                .limit(max)
                .toList());
    }

    @Override
    public CompletableFuture<List<ChannelState>> due() {
        var now = clock.instant();
        return CompletableFuture.completedFuture(
                wheel.take(now, channel -> ifDue(state(states.get(channel)), now), now.plus(LEASE)));
    }

    private @Nullable ChannelState ifDue(@Nullable ChannelState state, Instant now) {
        return state == null || state.dueAt(rules).isAfter(now) ? null : state;
    }

    @Override
    public void reschedule(ChannelState state) {
        wheel.add(clock.instant().plus(RESCHEDULED_AFTER), state.channel());
    }

    @Override
    public Counts counts() {
        return new Counts(states.mappingCount(), live.sum(), keptEnded.sum());
    }

    @Override
    public boolean isReachable() {
        return true;
    }

    /** Does nothing: the states go with the store. */
    @Override
    public void close() {}
}
