package alirtc.appserver.records;

import alirtc.appserver.call.CallNotice;
import alirtc.appserver.call.CallRecord;
import alirtc.appserver.redis.CommandLane;
import alirtc.appserver.redis.LuaScript;
import alirtc.appserver.redis.RedisClient;
import alirtc.appserver.time.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Records of calls in the Redis that holds the calls, too. They are written by the registry's own script, which changes a
 * call, its record and the messages about it together or not at all; here is told what that is to write, and they are
 * read. Thread-safe; never blocks its callers: a future fails with a {@link alirtc.appserver.redis.RedisException}.
 */
public final class RedisRecords implements RecordStore {
    private static final LuaScript RECORDS = LuaScript.beside(RedisRecords.class, "records.lua", "zset");

    private final RedisClient redis;
    private final CommandLane lane;
    private final SteadyClock clock;
    private final String prefix;
    private final Duration keep;
    private final Set<String> told;
    private final NoticeJson notices;
    private final RecordJson records;
    private final RedisOutbox outbox;

    /**
     * Builds the way to the records.
     *
     * @param lane sends what is not written by the registry
     * @param clock what calls are counted by
     * @param prefix how the names of all keys begin
     * @param keep how long records and messages are kept
     * @param told the types of the messages that are to be delivered; none without a receiver
     */
    public RedisRecords(
            RedisClient redis, CommandLane lane, SteadyClock clock, String prefix, Duration keep, Set<String> told) {
        this.redis = redis;
        this.lane = lane;
        this.clock = clock;
        this.prefix = prefix;
        this.keep = keep;
        this.told = Set.copyOf(told);
        this.notices = new NoticeJson(clock);
        this.records = new RecordJson(clock);
        this.outbox = new RedisOutbox(redis, lane, clock, prefix);
    }

    /** Returns the messages that are to be delivered. */
    public RedisOutbox outbox() {
        return outbox;
    }

    /** Returns how long records and messages are kept. */
    public Duration keep() {
        return keep;
    }

    /** Returns the further keys of the script that changes a call of which something is to be told. */
    public List<String> keys() {
        return List.of(ended(), outbox.waitingKey(), outbox.dueKey());
    }

    /** Returns the further arguments of that script. */
    public List<String> arguments(List<CallNotice> happened) {
        var now = clock.instant();
        var all = new ArrayList<>(List.of(millis(now), Long.toString(keep.toMillis()), prefix));
        for (var notice : happened) {
            var record = notice.record();
            if (record != null) {
                all.addAll(List.of("r", record.callId(), "", millis(record.endedAt()), "", records.write(record)));
            }
            if (isToBeDelivered(notice)) {
                var message = notices.message(notice, now);
                all.addAll(List.of(
                        "m",
                        message.id(),
                        message.callId(),
                        Integer.toString(message.seq()),
                        message.type(),
                        message.body()));
            }
        }
        return all;
    }

    private boolean isToBeDelivered(CallNotice notice) {
        return told.contains(notice.type().word());
    }

    /** Records that the script has written what is to be told. */
    public void written(List<CallNotice> happened) {
        if (happened.stream().anyMatch(this::isToBeDelivered)) {
            outbox.arrived();
        }
    }

    @Override
    public CompletableFuture<List<CallRecord>> endedBetween(Instant from, Instant until, int max) {
        return read(List.of(Integer.toString(max), prefix, millis(from), millis(until)));
    }

    @Override
    public CompletableFuture<List<CallRecord>> newest(int max) {
        return read(List.of(Integer.toString(max), prefix));
    }

    private CompletableFuture<List<CallRecord>> read(List<String> arguments) {
        return lane.submit(until -> redis.run(RECORDS, List.of(ended()), arguments).stream()
                .map(RedisClient::text)
                .map(records::read)
                .flatMap(Optional::stream)
                .toList());
    }

    private String ended() {
        return prefix + "records";
    }

    private static String millis(Instant time) {
        return Long.toString(time.toEpochMilli());
    }

    @Override
    public boolean isWritable() {
        return redis.isReachable();
    }

    /** Does nothing: the way to Redis is closed with the registry. */
    @Override
    public void close() {}
}
