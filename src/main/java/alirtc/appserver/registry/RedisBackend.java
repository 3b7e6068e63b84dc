package alirtc.appserver.registry;

import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.redis.ClusterMembership;
import alirtc.appserver.redis.RedisClient;
import alirtc.appserver.redis.RedisClock;
import alirtc.appserver.redis.RedisException;
import alirtc.appserver.time.NonOverlappingTask;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The Redis that several servers share, and the threads that wait for it: whoever has a command sent gets a future.
 * Thread-safe.
 */
public final class RedisBackend implements AutoCloseable {
    /** More commands than this are rejected at once: behind so many, nobody would get an answer in time. */
    private static final int MAX_WAITING = 1_000;

    /** A command that waited for so long for its turn is not sent: whoever asked has given up. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);

    private static final long IDLE_SECONDS = 30;
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final long STOP_WITHIN_MILLIS = 1_000;

    private final RedisClient client;
    private final SteadyClock clock;
    private final LongSupplier nanoTime;
    private final ThreadPoolExecutor threads;
    private final ClusterMembership membership;
    private final String prefix;

    /**
     * Prepares the way to Redis; nothing is sent yet.
     *
     * @param wall this machine's clock
     * @param nanoTime a counter of nanoseconds that never steps
     * @param factory makes the threads that send commands
     * @param maxQps how many requests a second all servers together may send to the cloud
     * @param share is told how many of them this one may send, whenever that changes
     */
    public RedisBackend(
            RedisConfig config,
            InstantSource wall,
            LongSupplier nanoTime,
            ThreadFactory factory,
            int maxQps,
            DoubleConsumer share) {
        var time = new RedisClock(wall, nanoTime);
        this.client = new RedisClient(config);
        this.clock = new SteadyClock(time, time::nanos);
        this.nanoTime = nanoTime;
        this.prefix = config.prefix();
        this.membership = new ClusterMembership(client, time, prefix, maxQps, share);
        this.threads = new ThreadPoolExecutor(
                RedisClient.CONNECTIONS,
                RedisClient.CONNECTIONS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /** Starts the heartbeat, by which the servers know of each other. */
    public void start(Timers timers) {
        var heartbeat = new NonOverlappingTask(() -> submit(() -> {
            membership.run();
            return membership;
        }));
        timers.after(Duration.ZERO, heartbeat);
        timers.every(HEARTBEAT, heartbeat);
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
     * Has a command sent by a thread that may wait for it.
     *
     * @return its result; a {@link RegistryException} if Redis does not answer, or too many commands wait
     */
    <T> CompletableFuture<T> submit(Supplier<T> command) {
        var result = new CompletableFuture<T>();
        long latest = nanoTime.getAsLong() + MAX_WAIT.toNanos();
        try {
            threads.execute(() -> {
                if (nanoTime.getAsLong() - latest > 0) {
                    result.completeExceptionally(new RegistryException("no turn in time"));
                } else {
                    send(command, result);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new RegistryException("more commands wait than can be sent in time"));
        }
        return result;
    }

    private static <T> void send(Supplier<T> command, CompletableFuture<T> result) {
        T answer;
        try {
            answer = command.get();
        } catch (RedisException e) {
            result.completeExceptionally(new RegistryException("the registry cannot be asked: " + e.getMessage()));
            return;
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
            return;
        }
        result.complete(answer);
    }

    /** Leaves the cluster, and closes threads and connections. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_WITHIN_MILLIS, TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        membership.leave();
        client.close();
    }
}
