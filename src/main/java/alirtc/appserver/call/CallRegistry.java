package alirtc.appserver.call;

import alirtc.appserver.rtc.ChannelId;
import alirtc.appserver.rtc.ChannelUsers;
import alirtc.appserver.rtc.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live calls, one a channel, in memory. Holds no more than it may: a channel that does not fit is not remembered,
 * and never pushes out another. Thread-safe.
 */
public final class CallRegistry {
    private static final Duration BETWEEN_COMPLAINTS = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(CallRegistry.class);

    private final ConcurrentHashMap<ChannelId, Call> live = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final Optional<Duration> limit;
    private final int most;
    private final Optional<SeatRules> seats;
    private final boolean usersReturn;
    private final InstantSource clock;
    private final CallLog log;
    private final Agenda agenda;
    private final AtomicReference<@Nullable Instant> complainedAt = new AtomicReference<>();

    /**
     * Builds an empty registry.
     *
     * @param limit how long a call may last, if there is a limit
     * @param most how many calls it holds
     * @param seats how many may sit in a channel, if they are counted
     * @param usersReturn whether a user can get more than one token
     * @param clock a clock that never steps
     * @param log is told of every change
     */
    public CallRegistry(
            Optional<Duration> limit,
            int most,
            Optional<SeatRules> seats,
            boolean usersReturn,
            InstantSource clock,
            CallLog log) {
        this.limit = limit;
        this.most = most;
        this.seats = seats;
        this.usersReturn = usersReturn;
        this.clock = clock;
        this.log = log;
        this.agenda = new Agenda(clock.instant());
    }

    /** Returns how many calls are live, those included that were ended and are still guarded. */
    public long size() {
        return live.mappingCount();
    }

    Optional<Call> find(ChannelId channel) {
        return Optional.ofNullable(live.get(channel));
    }

    /**
     * Takes note of a token; where seats are counted, only if there is one for its user, who then holds it.
     *
     * @return the call in the channel, whether the token was taken note of or not; nothing if there is no room for a new
     *     call
     */
    Optional<Call> issued(ChannelId channel, UserId user, Instant at) {
        return change(channel, call -> {
            if (call != null) {
                return issued(call, user, at);
            }
            return hasRoom() ? begun(channel, user, at) : null;
        });
    }

    private Call issued(Call call, UserId user, Instant at) {
        long nextId = ids.incrementAndGet();
        return seats.isEmpty() ? call.issued(nextId, user, at) : seats.get().issued(call, nextId, user, at);
    }

    private Call begun(ChannelId channel, UserId user, Instant at) {
        var call = Call.begun(channel, ids.incrementAndGet(), user, at);
        return seats.isEmpty() ? call : seats.get().begun(call, user, at);
    }

    /** Learns from a look at a channel. */
    void looked(ChannelId channel, Look look) {
        change(channel, call -> call == null ? null : looked(call, look).orElse(null));
    }

    private Optional<Call> looked(Call known, Look look) {
        var call = usersReturn && !look.users().isEmpty() ? known.withoutNewcomers() : known;
        long nextId = ids.incrementAndGet();
        return seats.isEmpty() ? call.looked(nextId, look) : seats.get().looked(call, nextId, look);
    }

    /** Takes note of a look that failed. */
    void lookFailed(ChannelId channel) {
        change(channel, call -> call == null ? null : call.lookFailed(clock.instant()));
    }

    /**
     * Takes note of when the first of those in a channel joined, if anybody can tell.
     *
     * @param users who was just seen there
     * @return the call in the channel as it is now, even if there is no room to remember it
     */
    Call told(ChannelId channel, Optional<Instant> earliestJoin, ChannelUsers users) {
        var now = clock.instant();
        var begun = Call.found(channel, ids.incrementAndGet(), earliestJoin, now);
        var found = seats.map(rules -> rules.found(begun, users, now)).orElse(begun);
        return change(channel, call -> call != null ? call.told(earliestJoin) : hasRoom() ? found : null)
                .orElse(found);
    }

    /** Takes note that this very call was ended by deleting its channel. */
    void ended(Call call) {
        changeThis(call, current -> {
            var after = current.ended(ids.incrementAndGet(), clock.instant());
            return after.with(after.seats().deleted(), after.nextLookAt());
        });
    }

    /** Takes note that an attempt to end this very call failed. */
    void endFailed(Call call) {
        changeThis(call, current -> current.endFailed(clock.instant()));
    }

    /** Takes note that there was no time to end this very call now. */
    void endPostponed(Call call) {
        changeThis(call, current -> current.endPostponed(clock.instant()));
    }

    /** Forgets this very call. */
    void forget(Call call) {
        changeThis(call, current -> null);
    }

    /** Takes out of the agenda the calls about which something has to be done by now; a call may come twice. */
    List<Call> due() {
        var now = clock.instant();
        return agenda.take(now).stream()
                .flatMap(channel -> find(channel).stream())
                .filter(call -> !call.dueAt(limit).isAfter(now))
                .toList();
    }

    /** Puts a call that is due into the agenda again. */
    void remind(Call call) {
        agenda.add(clock.instant(), call.channel());
    }

    private void changeThis(Call call, Function<Call, @Nullable Call> step) {
        change(call.channel(), current -> current == null || current.id() != call.id() ? current : step.apply(current));
    }

    /** Takes a call one step further; the step is taken anew if the call has changed meanwhile. */
    private Optional<Call> change(ChannelId channel, Function<@Nullable Call, @Nullable Call> step) {
        var before = live.get(channel);
        var after = step.apply(before);
        while (!replace(channel, before, after)) {
            before = live.get(channel);
            after = step.apply(before);
        }
        log.changed(before, after);
        if (after != null) {
            var due = after.dueAt(limit);
            // What is overdue was taken out of the agenda already, and this change did not settle it.
            if (before == null || !before.dueAt(limit).equals(due) || !due.isAfter(clock.instant())) {
                agenda.add(due, channel);
            }
        }
        return Optional.ofNullable(after);
    }

    /** Puts one state of a call in place of another, unless that is not its state any more. */
    private boolean replace(ChannelId channel, @Nullable Call before, @Nullable Call after) {
        if (before == null) {
            return after == null || live.putIfAbsent(channel, after) == null;
        }
        return after == null ? live.remove(channel, before) : live.replace(channel, before, after);
    }

    private boolean hasRoom() {
        if (live.mappingCount() < most) {
            return true;
        }
        var now = clock.instant();
        var last = complainedAt.get();
        if ((last == null || !last.isAfter(now.minus(BETWEEN_COMPLAINTS))) && complainedAt.compareAndSet(last, now)) {
            LOG.warn(
                    "The registry is full with {} calls: new channels get {}",
                    most,
                    seats.isPresent() ? "no tokens" : "tokens, but no time limit");
        }
        return false;
    }
}
