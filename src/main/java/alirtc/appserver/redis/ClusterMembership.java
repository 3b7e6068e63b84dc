package alirtc.appserver.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.DoubleConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers that share one Redis: a sign of life each second tells the others of this one and tells this one the
 * time, and how many there are to share the account's budget. A job to be run once a second. Thread-safe.
 */
public final class ClusterMembership implements Runnable {
    /** For how long a server counts after its latest sign of life. */
    static final Duration LIFE = Duration.ofSeconds(5);

    /** How long a new server waits, so that all others have heard of it and taken less. */
    static final Duration SETTLING = Duration.ofSeconds(3);

    /** What part of the budget a server takes before it knows the others. */
    private static final double AT_FIRST = 1.0 / 32;

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMembership.class);
    private static final LuaScript HEARTBEAT = LuaScript.beside(ClusterMembership.class, "heartbeat.lua", "zset");
    private static final LuaScript LEAVE = LuaScript.beside(ClusterMembership.class, "leave.lua", "zset");

    private final RedisClient redis;
    private final RedisClock time;
    private final List<String> keys;
    private final double budget;
    private final DoubleConsumer share;
    private final String name = UUID.randomUUID().toString();
    private final Deque<Long> counts = new ArrayDeque<>();
    private long joinedNanos;
    private long told;

    /**
     * Builds one of the servers, with a small share of the budget until it knows of the others.
     *
     * @param prefix how the names of keys begin
     * @param budget the requests in a second, for each action, that all servers together may send
     * @param share is told how many of them this one may make
     */
    public ClusterMembership(RedisClient redis, RedisClock time, String prefix, int budget, DoubleConsumer share) {
        this.redis = redis;
        this.time = time;
        this.keys = List.of(prefix + "nodes");
        this.budget = budget;
        this.share = share;
        share.accept(Math.max(1, budget * AT_FIRST));
    }

    /** Returns whether the time of Redis is known; if it is not, waits for a sign of life that may tell it. */
    public boolean knowsTime() {
        if (time.isRead()) {
            return true;
        }
        synchronized (this) {
            if (!time.isRead()) {
                run();
            }
            return time.isRead();
        }
    }

    @Override
    public synchronized void run() {
        redis.tidy();
        try {
            long sent = time.counter();
            var answer = redis.run(HEARTBEAT, keys, List.of(name, Long.toString(LIFE.toMillis())));
            long answered = time.counter();
            var now =
                    Instant.ofEpochSecond(RedisClient.number(answer.get(0)), RedisClient.number(answer.get(1)) * 1000);
            time.read(now, sent, answered);
            count(RedisClient.number(answer.get(2)), answered);
        } catch (RedisException e) {
            // The share stays as it is; that Redis is away is told elsewhere.
            LOG.debug("No sign of life: {}", e.getMessage());
        }
    }

    /** Takes a smaller share at once, and a larger one only when the others were gone for so long that they are gone. */
    private void count(long servers, long nanos) {
        if (counts.isEmpty()) {
            joinedNanos = nanos;
        }
        counts.addLast(servers);
        if (counts.size() > LIFE.toSeconds()) {
            counts.removeFirst();
        }
        if (nanos - joinedNanos < SETTLING.toNanos()) {
            return;
        }
        long most = counts.stream().mapToLong(Long::longValue).max().orElse(1);
        if (most != told) {
            told = most;
            share.accept(Math.max(1, budget / most));
            LOG.info("{} servers share {} requests a second for each action of the OpenAPI", most, (long) budget);
        }
    }

    /** Tells the others that this server ends. */
    public void leave() {
        try {
            redis.run(LEAVE, keys, List.of(name));
        } catch (RedisException e) {
            LOG.debug("The others are not told of the end: {}", e.getMessage());
        }
    }
}
