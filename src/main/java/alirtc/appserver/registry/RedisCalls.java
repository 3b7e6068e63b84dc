package alirtc.appserver.registry;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Transition;
import alirtc.appserver.records.RedisRecords;
import alirtc.appserver.redis.LuaScript;
import alirtc.appserver.redis.RedisClient;
import alirtc.appserver.redis.RedisException;
import alirtc.appserver.registry.CallStore.Change;
import alirtc.appserver.registry.CallStore.Counts;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels in Redis, for a thread that may wait. A state is a text under a key; two sorted sets say when each channel
 * has to be observed and its call ended. Whoever takes a channel that is due has {@link #LEASE} for it; then it comes
 * again, to whichever server asks first. Thread-safe; fails with a {@link RedisException} where Redis does not answer.
 */
final class RedisCalls {
    /** How long a server has for what it took: with four rounds a second, another takes over within 5 s. */
    static final Duration LEASE = Duration.ofSeconds(4);

    /** How long a channel that no server touches is kept beyond its call's limit and its tokens' lives. */
    static final Duration KEPT = Duration.ofDays(1);

    /** How many calls to end, and how many channels to observe, one server takes at a time: more than its share. */
    static final int BATCH = 50;

    /** About how many live channels one script reads: Redis serves others in between. */
    private static final int PAGE = 500;

    /** Where a walk through a set begins, and ends. */
    private static final String START = "0";

    private static final int PATIENT_FROM = 4;
    private static final long MIN_PARK_NANOS = 1_000_000;
    private static final int MAX_DOUBLINGS = 5;
    private static final int MAX_KNOWN = 100_000;
    private static final String KEEP = "";
    private static final String NEVER = "-";
    private static final String LIVE = "live";
    private static final String KEPT_ENDED = "ended";
    private static final Logger LOG = LoggerFactory.getLogger(RedisCalls.class);
    private static final LuaScript CHANGE = LuaScript.beside(
            RedisCalls.class, "change.lua", "string", "zset", "zset", "set", "set", "zset", "zset", "zset");
    private static final LuaScript LIST_LIVE = LuaScript.beside(RedisCalls.class, "live.lua", "set");
    private static final LuaScript DUE = LuaScript.beside(RedisCalls.class, "due.lua", "zset", "zset", "set", "set");

    /** What was last read or written here: what Redis is expected to hold, and all there is while that is away. */
    private final Cache<ChannelId, String> known =
            Caffeine.newBuilder().maximumSize(MAX_KNOWN).executor(Runnable::run).build();

    private final RedisBackend backend;
    private final RedisClient redis;
    private final SteadyClock clock;
    private final String calls;
    private final String looks;
    private final String ends;
    private final String live;
    private final String keptEnded;
    private final CallRules rules;
    private final int max;
    private final Duration kept;
    private final Optional<RedisRecords> records;

    /**
     * Builds the way to the channels.
     *
     * @param rules what ends a call
     * @param max how many channels there may be; at least 1
     * @param tokenTtl how long a token admits its user
     * @param records where what is on record is written with each change, if it is
     */
    RedisCalls(RedisBackend backend, CallRules rules, int max, Duration tokenTtl, Optional<RedisRecords> records) {
        this.backend = backend;
        this.redis = backend.client();
        this.clock = backend.clock();
        this.calls = backend.prefix() + "call:";
        this.looks = backend.prefix() + "looks";
        this.ends = backend.prefix() + "ends";
        this.live = backend.prefix() + LIVE;
        this.keptEnded = backend.prefix() + KEPT_ENDED;
        this.rules = rules;
        this.max = max;
        this.records = records;
        // Tokens can make the limit shorter, and set one where the operator does not.
        var untouched = KEPT.plus(tokenTtl).plus(rules.limit().orElse(CallRules.MAX_LIMIT));
        // A call is not to be forgotten before its record.
        this.kept = records.map(RedisRecords::keep)
                .filter(keep -> keep.compareTo(untouched) > 0)
                .orElse(untouched);
    }

    /** Counts the channels. */
    Counts count() {
        return new Counts(redis.count(looks), redis.size(live), redis.size(keptEnded));
    }

    /** Returns the state of a channel, if one is known. */
    Optional<ChannelState> current(ChannelId channel) {
        var text = redis.get(calls + channel.value());
        var state = CallJson.read(channel, text);
        remember(channel, text);
        return state;
    }

    /**
     * Returns the state of a channel, if one is known; while Redis cannot be asked, the latest that was known here, until
     * its next observation is due: whoever makes that learns what this server does not.
     */
    Optional<ChannelState> find(ChannelId channel) {
        try {
            return current(channel);
        } catch (RedisException e) {
            var text = known.getIfPresent(channel);
            var latest = text == null ? Optional.<ChannelState>empty() : CallJson.read(channel, text);
            if (latest.filter(state -> state.call().schedule().nextPollAt().isAfter(clock.instant()))
                    .isEmpty()) {
                throw e;
            }
            return latest;
        }
    }

    /**
     * Takes the state of a channel one step further, as if nothing else happened meanwhile.
     *
     * @param step returns the next state, from none and to none too; called again if the state has changed meanwhile
     * @param until by the clock of Redis, after when nothing may happen any more
     */
    Change change(ChannelId channel, Function<@Nullable ChannelState, Transition> step, Instant until) {
        var expected = known.getIfPresent(channel);
        var text = expected == null ? "" : expected;
        for (int attempt = 0; !clock.instant().isAfter(until); attempt++) {
            var before = CallJson.read(channel, text).orElse(null);
            var transition = step.apply(before);
            var after = transition.after();
            var next = after == null ? "" : after.equals(before) ? text : CallJson.write(after);
            var answer = replace(channel, before, text, transition, next, until);
            switch (RedisClient.text(answer.get(0))) {
                case "ok" -> {
                    remember(channel, next);
                    records.ifPresent(kept -> kept.written(transition.notices()));
                    return new Change(before, after, transition.notices());
                }
                case "full" -> {
                    return new Change(null, null, List.of());
                }
                case "late" -> backOff(attempt);
                default -> {
                    text = RedisClient.text(answer.get(1));
                    backOff(attempt);
                }
            }
        }
        throw new RegistryException("the call in " + channel.value() + " could not be changed in time");
    }

    /** Lets others of many that change a state at the same time go first, so that each gets its turn. */
    private static void backOff(int attempt) {
        if (attempt >= PATIENT_FROM) {
            long longest = MIN_PARK_NANOS << Math.min(attempt / PATIENT_FROM, MAX_DOUBLINGS);
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
        }
    }

    private List<?> replace(
            ChannelId channel,
            @Nullable ChannelState before,
            String text,
            Transition transition,
            String next,
            Instant until) {
        var after = transition.after();
        var observeAt = KEEP;
        var endAt = KEEP;
        if (after != null) {
            // A time that stays is not written anew: the channel may be put off because somebody attends to it.
            var nextPollAt = after.call().schedule().nextPollAt();
            if (before == null || !before.call().schedule().nextPollAt().equals(nextPollAt)) {
                observeAt = millis(nextPollAt);
            }
            var deadlineAt = after.deadlineAt(rules);
            if (before == null || !before.deadlineAt(rules).equals(deadlineAt)) {
                endAt = deadlineAt.map(RedisCalls::millis).orElse(NEVER);
            }
        }
        var keys = new ArrayList<>(List.of(calls + channel.value(), looks, ends, live, keptEnded));
        var arguments = new ArrayList<>(List.of(
                channel.value(),
                text,
                next,
                Long.toString(kept.toMillis()),
                observeAt,
                endAt,
                Integer.toString(max),
                before != null && after != null && group(before).equals(group(after)) ? KEEP : group(after),
                backend.knowsTime() ? Long.toString(latest(until).toEpochMilli()) : NEVER));
        if (!transition.notices().isEmpty()) {
            records.ifPresent(kept -> {
                keys.addAll(kept.keys());
                arguments.addAll(kept.arguments(transition.notices()));
            });
        }
        return redis.run(CHANGE, keys, arguments);
    }

    /** Returns among which channels a state is counted. */
    private static String group(@Nullable ChannelState state) {
        if (state == null) {
            return NEVER;
        }
        return state.isLive() ? LIVE : state.call().stage() == Stage.ENDED ? KEPT_ENDED : NEVER;
    }

    /** Returns when nobody waits any more for an answer to what is sent now. */
    private Instant latest(Instant until) {
        var heard = clock.instant().plus(RedisClient.PATIENCE);
        return heard.isBefore(until) ? heard : until;
    }

    /** Returns channels in whose calls people are believed to be, so many at most, in no order. */
    List<ChannelState> live(int max) {
        var found = new HashMap<ChannelId, ChannelState>();
        var cursor = START;
        do {
            var page = redis.run(LIST_LIVE, List.of(live), List.of(cursor, Integer.toString(PAGE), calls));
            cursor = RedisClient.text(page.get(0));
            for (int i = 1; i + 1 < page.size() && found.size() < max; i += 2) {
                listed(RedisClient.text(page.get(i)), RedisClient.text(page.get(i + 1)))
                        .filter(ChannelState::isLive)
                        .ifPresent(state -> found.put(state.channel(), state));
            }
        } while (!cursor.equals(START) && found.size() < max);
        return List.copyOf(found.values());
    }

    private static Optional<ChannelState> listed(String name, String text) {
        try {
            return CallJson.read(new ChannelId(name), text);
        } catch (IllegalArgumentException | RegistryException e) {
            // No channel's name, or a newer server's state.
            return Optional.empty();
        }
    }

    /** Takes out channels about which something has to be done now. */
    List<ChannelState> takeDue() {
        var taken = redis.run(
                DUE,
                List.of(looks, ends, live, keptEnded),
                List.of(
                        Long.toString(clock.instant().toEpochMilli()),
                        Long.toString(LEASE.toMillis()),
                        Integer.toString(BATCH),
                        calls));
        var due = new ArrayList<ChannelState>();
        for (int i = 0; i < taken.size(); i += 2) {
            due(RedisClient.text(taken.get(i)), RedisClient.text(taken.get(i + 1)))
                    .ifPresent(due::add);
        }
        return due;
    }

    private Optional<ChannelState> due(String name, String text) {
        if (text.isEmpty()) {
            // The name is not shown: it may be anything.
            LOG.warn("Something in {} or {} was no call, and is dropped", looks, ends);
            return Optional.empty();
        }
        var channel = new ChannelId(name);
        try {
            var state = CallJson.read(channel, text);
            remember(channel, text);
            if (state.isEmpty()) {
                LOG.warn("What Redis holds for channel {} is no call, and is dropped", name);
                change(channel, Transition::silent, clock.instant().plus(LEASE));
            }
            return state;
        } catch (RegistryException e) {
            // A newer server will take it.
            LOG.debug("The call in {} is left alone: {}", name, e.getMessage());
            return Optional.empty();
        }
    }

    private void remember(ChannelId channel, String text) {
        if (text.isEmpty()) {
            known.invalidate(channel);
        } else {
            known.put(channel, text);
        }
    }

    /** Returns the first whole millisecond at which a time has come. */
    private static String millis(Instant time) {
        return Long.toString(time.plusNanos(999_999).toEpochMilli());
    }
}
