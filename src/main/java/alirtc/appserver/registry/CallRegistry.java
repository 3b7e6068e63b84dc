package alirtc.appserver.registry;

import alirtc.appserver.call.Call;
import alirtc.appserver.call.Call.Ticket;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.redis.RedisClient;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live calls, one a channel. Holds no more than it may: a channel that does not fit is not remembered, and never
 * pushes out another. Thread-safe. Where the calls are in Redis, every method blocks, and may fail with a
 * {@link RegistryException}.
 */
public final class CallRegistry {
    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(CallRegistry.class);

    private final CallStore store;
    private final AtomicLong ids = new AtomicLong(ThreadLocalRandom.current().nextLong());
    private final Optional<SeatPolicy> seats;
    private final boolean usersReturn;
    private final InstantSource clock;
    private final CallEvents log;
    private final AtomicReference<@Nullable Instant> warnedAt = new AtomicReference<>();

    /**
     * Builds a registry.
     *
     * @param seats how many may sit in a channel, if they are counted
     * @param clock a clock that never steps
     * @param log is told of every change
     */
    public CallRegistry(
            CallStore store, Optional<SeatPolicy> seats, boolean usersReturn, InstantSource clock, CallEvents log) {
        this.store = store;
        this.seats = seats;
        this.usersReturn = usersReturn;
        this.clock = clock;
        this.log = log;
    }

    /**
     * Returns an empty registry of this server's own.
     *
     * @param limit how long a call may last, if there is a limit
     * @param most how many calls it holds
     * @param seats how many may sit in a channel, if they are counted
     * @param usersReturn whether a user can get more than one token
     * @param clock a clock that never steps
     * @param log is told of every change
     */
    public static CallRegistry inMemory(
            Optional<Duration> limit,
            int most,
            Optional<SeatPolicy> seats,
            boolean usersReturn,
            InstantSource clock,
            CallEvents log) {
        return new CallRegistry(new MemoryCallStore(limit, most, clock), seats, usersReturn, clock, log);
    }

    /**
     * Returns the registry that all servers with the same Redis and prefix share.
     *
     * @param prefix how the names of keys begin
     * @param limit how long a call may last, if there is a limit
     * @param most how many calls it holds
     * @param seats how many may sit in a channel, if they are counted
     * @param usersReturn whether a user can get more than one token
     * @param tokenTtl how long a token admits its user
     * @param clock the clock of that Redis
     * @param log is told of every change
     */
    public static CallRegistry inRedis(
            RedisClient redis,
            String prefix,
            Optional<Duration> limit,
            int most,
            Optional<SeatPolicy> seats,
            boolean usersReturn,
            Duration tokenTtl,
            InstantSource clock,
            CallEvents log) {
        return new CallRegistry(
                new RedisCallStore(redis, prefix, limit, most, tokenTtl), seats, usersReturn, clock, log);
    }

    /** Returns how many calls are live, those included that were ended and are still guarded. */
    public long size() {
        return store.size();
    }

    public Optional<Call> find(ChannelId channel) {
        return store.find(channel);
    }

    /** Returns the call in a channel, if one is known; nothing if the registry cannot tell. */
    public Optional<Call> findIfPossible(ChannelId channel) {
        try {
            return store.find(channel);
        } catch (RegistryException e) {
            return Optional.empty();
        }
    }

    /**
     * Takes note of a token; where seats are counted, only if there is one for its user, who then holds it.
     *
     * @return the call in the channel, whether the token was taken note of or not; nothing if there is no room for a new
     *     call
     */
    public Optional<Call> tokenIssued(ChannelId channel, UserId user, Instant at) {
        return warnIfFull(change(channel, call -> tokenIssued(call, channel, user, at)));
    }

    /**
     * Takes note of tokens at once, in the order of their issue.
     *
     * @return the call in the channel; nothing if there is no room for a new call
     */
    public Optional<Call> tokenIssued(ChannelId channel, List<Ticket> tickets) {
        return warnIfFull(change(channel, call -> {
            var next = call;
            for (var ticket : tickets) {
                next = tokenIssued(next, channel, new UserId(ticket.user()), ticket.issuedAt());
            }
            return next;
        }));
    }

    private Call tokenIssued(@Nullable Call call, ChannelId channel, UserId user, Instant at) {
        return call == null ? begun(channel, user, at) : tokenIssued(call, user, at);
    }

    private Call tokenIssued(Call call, UserId user, Instant at) {
        long nextId = ids.incrementAndGet();
        return seats.isEmpty()
                ? call.tokenIssued(nextId, user, at)
                : seats.get().tokenIssued(call, nextId, user, at);
    }

    private Call begun(ChannelId channel, UserId user, Instant at) {
        var call = Call.begun(channel, ids.incrementAndGet(), user, at);
        return seats.isEmpty() ? call : seats.get().begun(call, user, at);
    }

    /** Learns from a look at a channel. */
    public void observed(ChannelId channel, Observation observation) {
        change(
                channel,
                call -> call == null ? null : observed(call, observation).orElse(null));
    }

    private Optional<Call> observed(Call known, Observation observation) {
        var call = usersReturn && !observation.users().isEmpty() ? known.withoutNewcomers() : known;
        long nextId = ids.incrementAndGet();
        return seats.isEmpty()
                ? call.observed(nextId, observation)
                : seats.get().observed(call, nextId, observation);
    }

    /** Takes note of a look that failed. */
    public void lookupFailed(ChannelId channel) {
        change(channel, call -> call == null ? null : call.lookupFailed(clock.instant()));
    }

    /**
     * Takes note of when the first of those in a channel joined, if anybody can tell.
     *
     * @param users who was just seen there
     * @return the call in the channel as it is now, even if it cannot be remembered
     */
    public Call startLearned(ChannelId channel, Optional<Instant> earliestJoin, ChannelUsers users) {
        var now = clock.instant();
        var begun = Call.found(channel, ids.incrementAndGet(), earliestJoin, now);
        var found = seats.map(rules -> rules.found(begun, users, now)).orElse(begun);
        try {
            return warnIfFull(change(channel, call -> call != null ? call.startLearned(earliestJoin) : found))
                    .orElse(found);
        } catch (RegistryException e) {
            return found;
        }
    }

    /** Takes note that this very call was ended by deleting its channel. */
    public void ended(Call call) {
        changeThis(call, current -> {
            var after = current.ended(ids.incrementAndGet(), clock.instant());
            return after.with(after.seats().deleted(), after.nextPollAt());
        });
    }

    /** Takes note that an attempt to end this very call failed. */
    public void endFailed(Call call) {
        changeThis(call, current -> current.endFailed(clock.instant()));
    }

    /** Takes note that there was no time to end this very call now. */
    public void endPostponed(Call call) {
        changeThis(call, current -> current.endPostponed(clock.instant()));
    }

    /** Forgets this very call. */
    public void forget(Call call) {
        changeThis(call, current -> null);
    }

    /** Takes out calls about which something has to be done by now; a call may come twice. */
    public List<Call> due() {
        return store.due(clock.instant());
    }

    /** Takes note that a call that is due could not be attended to. */
    public void reschedule(Call call) {
        store.reschedule(call, clock.instant());
    }

    private void changeThis(Call call, Function<Call, @Nullable Call> step) {
        change(call.channel(), current -> current == null || current.id() != call.id() ? current : step.apply(current));
    }

    private Optional<Call> change(ChannelId channel, Function<@Nullable Call, @Nullable Call> step) {
        var change = store.change(channel, step);
        log.changed(change.before(), change.after());
        return Optional.ofNullable(change.after());
    }

    /** Returns what a change left, and tells the operator if that is nothing for want of room. */
    private Optional<Call> warnIfFull(Optional<Call> after) {
        if (after.isEmpty()) {
            var now = clock.instant();
            var last = warnedAt.get();
            if ((last == null || !last.isAfter(now.minus(WARNING_INTERVAL))) && warnedAt.compareAndSet(last, now)) {
                LOG.warn(
                        "The registry is full: new channels get {}",
                        seats.isPresent() ? "no tokens" : "tokens, but no time limit");
            }
        }
        return after;
    }
}
