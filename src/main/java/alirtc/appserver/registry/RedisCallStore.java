package alirtc.appserver.registry;

import alirtc.appserver.call.Call;
import alirtc.appserver.redis.LuaScript;
import alirtc.appserver.redis.RedisClient;
import alirtc.appserver.redis.RedisException;
import alirtc.appserver.token.ChannelId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of all servers that share one Redis. A call is a text under a key; two sorted sets say when each has to be
 * looked at and ended. Whoever takes a call that is due has {@link #LEASE} for it; then it comes again, to whichever
 * server asks first. Thread-safe; blocks.
 */
final class RedisCallStore implements CallStore {
    /** How long a server has for what it took: with four rounds a second, another takes over within 5 s. */
    static final Duration LEASE = Duration.ofSeconds(4);

    /** How long a call that no server touches is kept beyond its limit and its tokens' lives. */
    static final Duration KEPT = Duration.ofDays(1);

    /** How many calls to end, and how many to look at, one server takes at a time: more than its share of the budget. */
    static final int BATCH = 50;

    private static final int ATTEMPTS = 100;
    private static final int PATIENT_FROM = 4;
    private static final long MAX_PARK_NANOS = 5_000_000;
    private static final int MAX_KNOWN = 100_000;
    private static final String KEEP = "";
    private static final String NEVER = "-";
    private static final Logger LOG = LoggerFactory.getLogger(RedisCallStore.class);
    private static final LuaScript CHANGE = LuaScript.beside(RedisCallStore.class, "change.lua");
    private static final LuaScript DUE = LuaScript.beside(RedisCallStore.class, "due.lua");

    /** What was last read or written here: a expected of what Redis holds, and all there is while that is away. */
    private final Cache<ChannelId, String> known =
            Caffeine.newBuilder().maximumSize(MAX_KNOWN).executor(Runnable::run).build();

    private final RedisClient redis;
    private final String calls;
    private final String looks;
    private final String ends;
    private final Optional<Duration> limit;
    private final int most;
    private final Duration kept;

    /**
     * Builds the way to the calls.
     *
     * @param prefix how the names of keys begin
     * @param limit how long a call may last, if there is a limit
     * @param most how many calls there may be
     * @param tokenTtl how long a token admits its user
     */
    RedisCallStore(RedisClient redis, String prefix, Optional<Duration> limit, int most, Duration tokenTtl) {
        this.redis = redis;
        this.calls = prefix + "call:";
        this.looks = prefix + "looks";
        this.ends = prefix + "ends";
        this.limit = limit;
        this.most = most;
        this.kept = KEPT.plus(tokenTtl).plus(limit.orElse(Duration.ZERO));
    }

    /** Returns the call in a channel; while Redis cannot be asked, the latest that was known here. */
    @Override
    public Optional<Call> find(ChannelId channel) {
        String text;
        try {
            text = redis.get(calls + channel.value());
        } catch (RedisException e) {
            text = known.getIfPresent(channel);
            if (text == null) {
                throw failure(e);
            }
        }
        var call = CallJson.read(channel, text);
        remember(channel, text);
        return call;
    }

    @Override
    public Change change(ChannelId channel, Function<@Nullable Call, @Nullable Call> step) {
        var expected = known.getIfPresent(channel);
        var text = expected == null ? "" : expected;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var before = CallJson.read(channel, text).orElse(null);
            var after = step.apply(before);
            var next = after == null ? "" : after.equals(before) ? text : CallJson.write(after);
            var answer = replace(channel, before, text, after, next);
            switch (RedisClient.text(answer.get(0))) {
                case "ok" -> {
                    remember(channel, next);
                    return new Change(before, after);
                }
                case "full" -> {
                    return new Change(null, null);
                }
                default -> {
                    text = RedisClient.text(answer.get(1));
                    backOff(attempt);
                }
            }
        }
        throw new RegistryException("the call in " + channel.value() + " keeps changing");
    }

    /** Lets others of many that change a call at the same time go first, so that each gets its turn. */
    private static void backOff(int attempt) {
        if (attempt >= PATIENT_FROM) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MAX_PARK_NANOS));
        }
    }

    private List<?> replace(ChannelId channel, @Nullable Call before, String text, @Nullable Call after, String next) {
        var lookAt = KEEP;
        var endAt = KEEP;
        if (after != null) {
            // A time that stays is not written anew: the call may be put off because somebody attends to it.
            if (before == null || !before.nextPollAt().equals(after.nextPollAt())) {
                lookAt = millis(after.nextPollAt());
            }
            var urgentAt = after.urgentAt(limit);
            if (before == null || !before.urgentAt(limit).equals(urgentAt)) {
                endAt = urgentAt.map(RedisCallStore::millis).orElse(NEVER);
            }
        }
        try {
            return redis.run(
                    CHANGE,
                    List.of(calls + channel.value(), looks, ends),
                    List.of(
                            channel.value(),
                            text,
                            next,
                            Long.toString(kept.toMillis()),
                            lookAt,
                            endAt,
                            Integer.toString(most)));
        } catch (RedisException e) {
            throw failure(e);
        }
    }

    @Override
    public List<Call> due(Instant now) {
        List<?> taken;
        try {
            taken = redis.run(
                    DUE,
                    List.of(looks, ends),
                    List.of(
                            Long.toString(now.toEpochMilli()),
                            Long.toString(LEASE.toMillis()),
                            Integer.toString(BATCH),
                            calls));
        } catch (RedisException e) {
            throw failure(e);
        }
        var due = new ArrayList<Call>();
        for (int i = 0; i < taken.size(); i += 2) {
            due(RedisClient.text(taken.get(i)), RedisClient.text(taken.get(i + 1)))
                    .ifPresent(due::add);
        }
        return due;
    }

    private Optional<Call> due(String name, String text) {
        var channel = new ChannelId(name);
        try {
            var call = CallJson.read(channel, text);
            remember(channel, text);
            if (call.isEmpty()) {
                LOG.warn("What Redis holds for channel {} is no call, and is dropped", name);
                change(channel, garbage -> garbage);
            }
            return call;
        } catch (RegistryException e) {
            // A newer server will take it.
            LOG.debug("The call in {} is left alone: {}", name, e.getMessage());
            return Optional.empty();
        }
    }

    /** Does nothing: what was taken comes again by itself. */
    @Override
    public void reschedule(Call call, Instant now) {}

    @Override
    public long size() {
        try {
            return redis.count(looks);
        } catch (RedisException e) {
            throw failure(e);
        }
    }

    private void remember(ChannelId channel, String text) {
        if (text.isEmpty()) {
            known.invalidate(channel);
        } else {
            known.put(channel, text);
        }
    }

    private static RegistryException failure(RedisException e) {
        return new RegistryException("the registry cannot be asked: " + e.getMessage());
    }

    /** Returns the first whole millisecond at which a time has come. */
    private static String millis(Instant time) {
        return Long.toString(time.plusNanos(999_999).toEpochMilli());
    }
}
