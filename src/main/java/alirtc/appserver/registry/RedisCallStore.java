package alirtc.appserver.registry;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Transition;
import alirtc.appserver.records.RedisRecords;
import alirtc.appserver.redis.CommandLane;
import alirtc.appserver.time.NonOverlappingTask;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The channels of all servers that share one Redis, by one of the lanes that lead there. Thread-safe. */
public final class RedisCallStore implements CallStore {
    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(5);

    private final RedisBackend backend;
    private final RedisCalls calls;
    private final CommandLane lane;
    private volatile Counts lastCounts = new Counts(0, 0, 0);

    /**
     * Builds the way to the channels.
     *
     * @param backend closed with the store
     * @param rules what ends a call
     * @param max how many channels there may be; at least 1
     * @param tokenTtl how long a token admits its user
     * @param records where what is on record of calls is written with each change; none while they are not on record
     */
    public RedisCallStore(
            RedisBackend backend, CallRules rules, int max, Duration tokenTtl, Optional<RedisRecords> records) {
        this(backend, new RedisCalls(backend, rules, max, tokenTtl, records), backend.phones());
    }

    private RedisCallStore(RedisBackend backend, RedisCalls calls, CommandLane lane) {
        this.backend = backend;
        this.calls = calls;
        this.lane = lane;
    }

    @Override
    public CallStore upkeep() {
        return new RedisCallStore(backend, calls, backend.upkeep());
    }

    /** Starts counting the channels, and what the backend does regularly. */
    public void start(Timers timers) {
        backend.start(timers);
        timers.every(COUNT_INTERVAL, new NonOverlappingTask(() -> count().exceptionally(failure -> lastCounts)));
    }

    /** Has a command sent; it fails with a {@link RegistryException}. */
    private static <T> CompletableFuture<T> submit(CommandLane lane, CommandLane.Command<T> command) {
        return lane.submit(command).exceptionally(failure -> {
            throw RegistryException.of(failure);
        });
    }

    /** Has the channels counted. */
    CompletableFuture<Counts> count() {
        return submit(backend.upkeep(), until -> {
            lastCounts = calls.count();
            return lastCounts;
        });
    }

    @Override
    public SteadyClock clock() {
        return backend.clock();
    }

    @Override
    public Counts counts() {
        return lastCounts;
    }

    @Override
    public boolean isReachable() {
        return backend.client().isReachable();
    }

    /** Returns the state of a channel; while Redis cannot be asked, the latest that was known here, for a while. */
    @Override
    public CompletableFuture<Optional<ChannelState>> find(ChannelId channel) {
        return submit(lane, until -> calls.find(channel));
    }

    @Override
    public CompletableFuture<Optional<ChannelState>> current(ChannelId channel) {
        return submit(lane, until -> calls.current(channel));
    }

    @Override
    public CompletableFuture<Change> change(ChannelId channel, Function<@Nullable ChannelState, Transition> step) {
        return submit(lane, until -> calls.change(channel, step, until));
    }

    @Override
    public CompletableFuture<List<ChannelState>> live(int max) {
        return lane.submit(until -> calls.live(max));
    }

    @Override
    public CompletableFuture<List<ChannelState>> due() {
        return submit(lane, until -> calls.takeDue());
    }

    /** Does nothing: what was taken comes again by itself. */
    @Override
    public void reschedule(ChannelState state) {}

    @Override
    public void close() {
        backend.close();
    }
}
