package alirtc.appserver.records;

import alirtc.appserver.redis.CommandLane;
import alirtc.appserver.redis.LuaScript;
import alirtc.appserver.redis.RedisClient;
import alirtc.appserver.time.NonOverlappingTask;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The messages in Redis that are to be delivered, by whichever of the servers that share it. Thread-safe; never blocks its
 * callers: a future fails with a {@link alirtc.appserver.redis.RedisException}.
 */
public final class RedisOutbox implements Outbox {
    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(5);
    private static final int FIELDS = 7;
    private static final LuaScript TAKE = LuaScript.beside(RedisOutbox.class, "take.lua", "zset", "zset");
    private static final LuaScript SETTLE = LuaScript.beside(RedisOutbox.class, "settle.lua", "zset", "zset", "zset");
    private static final LuaScript RESEND = LuaScript.beside(RedisOutbox.class, "resend.lua", "zset", "zset", "zset");
    private static final LuaScript MESSAGES = LuaScript.beside(RedisOutbox.class, "messages.lua", "zset");

    private final RedisClient redis;
    private final CommandLane lane;
    private final SteadyClock clock;
    private final String prefix;
    private volatile Counts lastCounts = new Counts(0, 0);
    private volatile Runnable onArrival = () -> {};

    RedisOutbox(RedisClient redis, CommandLane lane, SteadyClock clock, String prefix) {
        this.redis = redis;
        this.lane = lane;
        this.clock = clock;
        this.prefix = prefix;
    }

    /** Starts counting the messages. */
    public void start(Timers timers) {
        timers.every(COUNT_INTERVAL, new NonOverlappingTask(() -> count().exceptionally(failure -> lastCounts)));
    }

    /** Has the messages counted. */
    public CompletableFuture<Counts> count() {
        return lane.submit(until -> {
            lastCounts = new Counts(redis.count(waitingKey()), redis.count(givenUpKey()));
            return lastCounts;
        });
    }

    String dueKey() {
        return prefix + "due";
    }

    String waitingKey() {
        return prefix + "waiting";
    }

    private String givenUpKey() {
        return prefix + "givenup";
    }

    private List<String> keys() {
        return List.of(dueKey(), waitingKey(), givenUpKey());
    }

    /** Records that messages were written down here. */
    void arrived() {
        onArrival.run();
    }

    @Override
    public CompletableFuture<List<Message>> takeDue(int max) {
        return lane.submit(until -> messages(redis.run(
                TAKE,
                List.of(dueKey(), waitingKey()),
                List.of(now(), Long.toString(LEASE.toMillis()), Integer.toString(max), prefix))));
    }

    @Override
    public CompletableFuture<?> delivered(Message message) {
        return settle("delivered", message, clock.instant());
    }

    @Override
    public CompletableFuture<?> failed(Message message, Instant nextAttemptAt) {
        return settle("failed", message, nextAttemptAt);
    }

    @Override
    public CompletableFuture<?> gaveUp(Message message) {
        return settle("gave up", message, clock.instant());
    }

    private CompletableFuture<?> settle(String outcome, Message message, Instant at) {
        var arguments = List.of(outcome, message.id(), message.callId(), Long.toString(at.toEpochMilli()), prefix);
        return lane.submit(until -> redis.run(SETTLE, keys(), arguments));
    }

    @Override
    public CompletableFuture<List<Message>> waiting(int max) {
        return list(waitingKey(), "first", max);
    }

    @Override
    public CompletableFuture<List<Message>> givenUp(int max) {
        return list(givenUpKey(), "last", max);
    }

    private CompletableFuture<List<Message>> list(String key, String end, int max) {
        return lane.submit(
                until -> messages(redis.run(MESSAGES, List.of(key), List.of(end, Integer.toString(max), prefix))));
    }

    @Override
    public CompletableFuture<Boolean> resend(String id) {
        return lane.submit(until -> {
            var answer = redis.run(RESEND, keys(), List.of(id, now(), prefix));
            boolean waits = RedisClient.number(answer.get(0)) == 1;
            if (waits) {
                arrived();
            }
            return waits;
        });
    }

    private static List<Message> messages(List<?> fields) {
        var all = new ArrayList<Message>();
        for (int i = 0; i < fields.size(); i += FIELDS) {
            all.add(new Message(
                    RedisClient.text(fields.get(i)),
                    RedisClient.text(fields.get(i + 1)),
                    (int) RedisClient.number(fields.get(i + 2)),
                    RedisClient.text(fields.get(i + 3)),
                    RedisClient.text(fields.get(i + 4)),
                    Instant.ofEpochMilli(RedisClient.number(fields.get(i + 5))),
                    (int) RedisClient.number(fields.get(i + 6))));
        }
        return all;
    }

    private String now() {
        return Long.toString(clock.instant().toEpochMilli());
    }

    @Override
    public Counts counts() {
        return lastCounts;
    }

    @Override
    public void onArrival(Runnable task) {
        onArrival = task;
    }
}
