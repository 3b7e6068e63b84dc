package alirtc.appserver.registry;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The channels of this server alone, in memory: every future is done when it is returned. Thread-safe; never fails. */
public final class MemoryCallStore implements CallStore {
    /** How soon a channel comes again that could not be attended to. */
    private static final Duration RESCHEDULED_AFTER = Duration.ofSeconds(1);

    private final ConcurrentHashMap<ChannelId, ChannelState> states = new ConcurrentHashMap<>();
    private final LongAdder live = new LongAdder();
    private final LongAdder keptEnded = new LongAdder();
    private final Optional<Duration> limit;
    private final int max;
    private final SteadyClock clock;
    private final TimerWheel wheel;

    /**
     * Builds an empty store.
     *
     * @param limit how long a call may last, if there is a limit
     * @param max how many channels it holds; at least 1
     * @param clock what calls are counted by
     */
    public MemoryCallStore(Optional<Duration> limit, int max, SteadyClock clock) {
        this.limit = limit;
        this.max = max;
        this.clock = clock;
        this.wheel = new TimerWheel(clock.instant());
    }

    @Override
    public SteadyClock clock() {
        return clock;
    }

    @Override
    public CompletableFuture<Optional<ChannelState>> find(ChannelId channel) {
        return CompletableFuture.completedFuture(Optional.ofNullable(states.get(channel)));
    }

    @Override
    public CompletableFuture<Change> change(
            ChannelId channel, Function<@Nullable ChannelState, @Nullable ChannelState> step) {
        return CompletableFuture.completedFuture(changed(channel, step));
    }

    private Change changed(ChannelId channel, Function<@Nullable ChannelState, @Nullable ChannelState> step) {
        var before = states.get(channel);
        var after = step.apply(before);
        while (!replace(channel, before, after)) {
            before = states.get(channel);
            if (before == null && states.mappingCount() >= max) {
                return new Change(null, null);
            }
            after = step.apply(before);
        }
        count(before, -1);
        count(after, 1);
        if (after != null) {
            var known = Optional.ofNullable(before);
            schedule(known.map(MemoryCallStore::nextPollAt), nextPollAt(after), channel);
            // Apart from the poll, which may wait long for its turn when the call's end does not.
            after.deadlineAt(limit)
                    .ifPresent(at -> schedule(known.flatMap(state -> state.deadlineAt(limit)), at, channel));
        }
        return new Change(before, after);
    }

    private static Instant nextPollAt(ChannelState state) {
        return state.call().schedule().nextPollAt();
    }

    /** Has a channel come when something is due, unless it comes then already. */
    private void schedule(Optional<Instant> before, Instant due, ChannelId channel) {
        // What is overdue was taken out of the wheel already, and this change did not settle it.
        if (!before.equals(Optional.of(due)) || !due.isAfter(clock.instant())) {
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

    /** Puts one state of a channel in place of another, unless that is not its state any more or there is no room. */
    private boolean replace(ChannelId channel, @Nullable ChannelState before, @Nullable ChannelState after) {
        if (before == null) {
            return after == null || (states.mappingCount() < max && states.putIfAbsent(channel, after) == null);
        }
        return after == null ? states.remove(channel, before) : states.replace(channel, before, after);
    }

    @Override
    public CompletableFuture<List<ChannelState>> due() {
        var now = clock.instant();
        return CompletableFuture.completedFuture(wheel.take(now).stream()
                .flatMap(channel -> Optional.ofNullable(states.get(channel)).stream())
                .filter(state -> !state.dueAt(limit).isAfter(now))
                .toList());
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
