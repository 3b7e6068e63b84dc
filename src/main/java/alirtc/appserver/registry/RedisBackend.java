package alirtc.appserver.registry;

import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.records.RedisRecords;
import alirtc.appserver.redis.ClusterMembership;
import alirtc.appserver.redis.CommandLane;
import alirtc.appserver.redis.RedisClient;
import alirtc.appserver.redis.RedisClock;
import alirtc.appserver.time.NonOverlappingTask;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/**
 * The Redis that several servers share, and the lanes of commands to it: what phones ask for, what the server does of
 * itself, and the sign of life hold up none of the others. Thread-safe.
 */
public final class RedisBackend implements AutoCloseable {
    /** So many commands run at a time for phones. */
    static final int PHONE_THREADS = 16;

    /** So many for what is due and what the cloud told. */
    static final int UPKEEP_THREADS = 8;

    /** So many for records and messages, which nobody waits for. */
    private static final int RECORD_THREADS = 2;

    private static final int HEARTBEAT_THREADS = 1;
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

    private final RedisClient client;
    private final SteadyClock clock;
    private final CommandLane phones;
    private final CommandLane upkeep;
    private final CommandLane records;
    private final CommandLane heartbeats;
    private final ClusterMembership membership;
    private final String prefix;
    private volatile boolean started;

    /**
     * Prepares the way to Redis; nothing is sent yet.
     *
     * @param wall this machine's clock
     * @param nanoTime a counter of nanoseconds that never steps
     * @param factory makes the threads that send commands
     * @param maxQps how many requests a second all servers together may send to the cloud
     * @param share is told how many of them this one may send, whenever that changes
     * @param metrics count every command
     */
    public RedisBackend(
            RedisConfig config,
            InstantSource wall,
            LongSupplier nanoTime,
            ThreadFactory factory,
            int maxQps,
            DoubleConsumer share,
            Metrics metrics) {
        var time = new RedisClock(wall, nanoTime);
        this.client =
                new RedisClient(config, PHONE_THREADS + UPKEEP_THREADS + RECORD_THREADS + HEARTBEAT_THREADS, metrics);
        this.clock = new SteadyClock(time, time::nanos);
        this.prefix = config.prefix();
        this.membership = new ClusterMembership(client, time, prefix, maxQps, share);
        this.phones = new CommandLane(PHONE_THREADS, factory, clock, nanoTime, this::mayBeSent);
        this.upkeep = new CommandLane(UPKEEP_THREADS, factory, clock, nanoTime, this::mayBeSent);
        this.records = new CommandLane(RECORD_THREADS, factory, clock, nanoTime, this::mayBeSent);
        this.heartbeats = new CommandLane(HEARTBEAT_THREADS, factory, clock, nanoTime, () -> true);
    }

    /** Starts the heartbeat, by which the servers know of each other and of the time. */
    public void start(Timers timers) {
        started = true;
        var heartbeat = new NonOverlappingTask(() -> heartbeats.submit(until -> {
            membership.run();
            return membership;
        }));
        timers.after(Duration.ZERO, heartbeat);
        timers.every(HEARTBEAT, heartbeat);
    }

    /** Returns whether times that were counted by the clock may be written, once the heartbeat is to read it. */
    private boolean mayBeSent() {
        return !started || membership.knowsTime();
    }

    /** Returns whether the clock shows the time of Redis, and not that of this machine; waits for that if need be. */
    boolean knowsTime() {
        return started && membership.knowsTime();
    }

    /** Returns the clock of Redis, as a clock that never steps. */
    SteadyClock clock() {
        return clock;
    }

    RedisClient client() {
        return client;
    }

    String prefix() {
        return prefix;
    }

    /**
     * Returns the records of calls that are kept beside them.
     *
     * @param keep how long they are kept
     * @param told the types of the messages that are to be delivered; none without a receiver
     */
    public RedisRecords records(Duration keep, Set<String> told) {
        return new RedisRecords(client, records, clock, prefix, keep, told);
    }

    /** Returns the lane of what phones wait for. */
    CommandLane phones() {
        return phones;
    }

    /** Returns the lane of what has to be done in time however many phones ask. */
    CommandLane upkeep() {
        return upkeep;
    }

    /** Leaves the cluster, and closes threads and connections. */
    @Override
    public void close() {
        var lanes = List.of(phones, upkeep, records, heartbeats);
        lanes.forEach(CommandLane::stopAccepting);
        long latest = System.nanoTime() + STOP_WITHIN.toNanos();
        try {
            for (var lane : lanes) {
                lane.close(latest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        membership.leave();
        client.close();
    }
}
