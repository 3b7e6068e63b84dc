package alirtc.appserver.registry;

import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.call.Transition;
import alirtc.appserver.records.CallJournal;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The channels of this server alone, in memory, of which a journal is told what is on record: of each channel in the order
 * in which it changes. Every future is done when it is returned. Thread-safe; never fails.
 */
public final class JournaledCallStore implements CallStore {
    private static final int LOCKS = 256;

    private final MemoryCallStore memory;
    private final CallJournal journal;

    /** Each is held while one of its channels changes and the journal is told. */
    private final List<Object> locks = Stream.generate(Object::new).limit(LOCKS).toList();

    /**
     * Builds the store.
     *
     * @param journal is told of every change of what is on record; not closed with the store
     */
    public JournaledCallStore(MemoryCallStore memory, CallJournal journal) {
        this.memory = memory;
        this.journal = journal;
    }

    @Override
    public SteadyClock clock() {
        return memory.clock();
    }

    @Override
    public CompletableFuture<Optional<ChannelState>> find(ChannelId channel) {
        return memory.find(channel);
    }

    @Override
    public CompletableFuture<Change> change(ChannelId channel, Function<@Nullable ChannelState, Transition> step) {
        synchronized (locks.get(Math.floorMod(channel.hashCode(), LOCKS))) {
            var change = memory.changed(channel, step);
            var open = open(change.after());
            if (!change.notices().isEmpty() || !Objects.equals(open(change.before()), open)) {
                journal.append(channel, open, change.notices());
            }
            return CompletableFuture.completedFuture(change);
        }
    }

    /** Returns what is on record of the call in a channel whose record is not final. */
    private static @Nullable OpenRecord open(@Nullable ChannelState state) {
        var open = state == null ? null : state.open();
        return open == null || open.endedAt() != null ? null : open;
    }

    @Override
    public CompletableFuture<List<ChannelState>> live(int max) {
        return memory.live(max);
    }

    @Override
    public CompletableFuture<List<ChannelState>> due() {
        return memory.due();
    }

    @Override
    public void reschedule(ChannelState state) {
        memory.reschedule(state);
    }

    @Override
    public Counts counts() {
        return memory.counts();
    }

    @Override
    public boolean isReachable() {
        return memory.isReachable();
    }

    @Override
    public void close() {
        memory.close();
    }
}
