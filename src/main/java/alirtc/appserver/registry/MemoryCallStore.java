package alirtc.appserver.registry;

import alirtc.appserver.call.Call;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The calls of this server alone, in memory. Thread-safe; never blocks and never fails. */
final class MemoryCallStore implements CallStore {
    private final ConcurrentHashMap<ChannelId, Call> live = new ConcurrentHashMap<>();
    private final Optional<Duration> limit;
    private final int most;
    private final InstantSource clock;
    private final TimerWheel agenda;

    /**
     * Builds an empty store.
     *
     * @param limit how long a call may last, if there is a limit
     * @param most how many calls it holds
     * @param clock a clock that never steps
     */
    MemoryCallStore(Optional<Duration> limit, int most, InstantSource clock) {
        this.limit = limit;
        this.most = most;
        this.clock = clock;
        this.agenda = new TimerWheel(clock.instant());
    }

    @Override
    public Optional<Call> find(ChannelId channel) {
        return Optional.ofNullable(live.get(channel));
    }

    @Override
    public Change change(ChannelId channel, Function<@Nullable Call, @Nullable Call> step) {
        var before = live.get(channel);
        var after = step.apply(before);
        while (!replace(channel, before, after)) {
            before = live.get(channel);
            if (before == null && live.mappingCount() >= most) {
                return new Change(null, null);
            }
            after = step.apply(before);
        }
        if (after != null) {
            var due = after.dueAt(limit);
            // What is overdue was taken out of the agenda already, and this change did not settle it.
            if (before == null || !before.dueAt(limit).equals(due) || !due.isAfter(clock.instant())) {
                agenda.add(due, channel);
            }
        }
        return new Change(before, after);
    }

    /** Puts one state of a call in place of another, unless that is not its state any more or there is no room. */
    private boolean replace(ChannelId channel, @Nullable Call before, @Nullable Call after) {
        if (before == null) {
            return after == null || (live.mappingCount() < most && live.putIfAbsent(channel, after) == null);
        }
        return after == null ? live.remove(channel, before) : live.replace(channel, before, after);
    }

    @Override
    public List<Call> due(Instant now) {
        return agenda.take(now).stream()
                .flatMap(channel -> find(channel).stream())
                .filter(call -> !call.dueAt(limit).isAfter(now))
                .toList();
    }

    @Override
    public void reschedule(Call call, Instant now) {
        agenda.add(now, call.channel());
    }

    @Override
    public long size() {
        return live.mappingCount();
    }
}
