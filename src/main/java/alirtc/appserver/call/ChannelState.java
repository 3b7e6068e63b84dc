package alirtc.appserver.call;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.call.OpenRecord.Doubt;
import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a channel at one moment: the call in it, who has seats, and who is there by events. The only place
 * where all three change; what is on record of the call is kept beside them. Immutable; all times are by the steady clock.
 *
 * @param channel its name
 * @param call the call in it, which may be over or have been ended
 * @param seats who has a seat in it; none unless seats are counted
 * @param occupancy who is there by events and lookups; nobody unless events are subscribed to
 * @param open what is on record of the call, or of the one before it; none while calls are not on record
 * @param bars for whom no tokens are issued, and how long; they outlast the call
 */
public record ChannelState(
        ChannelId channel,
        Call call,
        Seats seats,
        Occupancy occupancy,
        @Nullable OpenRecord open,
        Bars bars) {

    /** A channel in which nobody was seen for so long after its last token is forgotten. */
    private static final Duration ABANDONED_AFTER = Duration.ofMinutes(2);

    /** Returns the state that a first token begins, with a seat for its user if seats are counted. */
    public static ChannelState begun(ChannelId channel, long id, Ticket token, ChannelPolicy policy) {
        var seats = policy.seats().isLimited()
                ? Seats.NONE
                        .take(token.user(), token.issuedAt(), policy.seats())
                        .orElse(Seats.NONE)
                : Seats.NONE;
        return new ChannelState(channel, Call.begun(id, token), seats, Occupancy.NONE, null, Bars.NONE);
    }

    /** Returns the state of a channel in which people were found, with seats for them if seats are counted. */
    public static ChannelState found(
            ChannelId channel, long id, Optional<Joins> joins, ChannelUsers users, Instant now, ChannelPolicy policy) {
        var observation = new Observation(now, now, users);
        var seats = policy.seats().isLimited() ? Seats.NONE.observed(observation, policy.seats()) : Seats.NONE;
        var occupancy = policy.events() == EventPolicy.OFF ? Occupancy.NONE : Occupancy.NONE.observed(observation);
        var call = Call.found(id, joins.map(Joins::earliest), users.everyone(), now)
                .shown(observation, policy.aloneMatters());
        return new ChannelState(channel, call, seats, occupancy, null, Bars.NONE);
    }

    /**
     * Returns the state of a channel whose call was on record when the server was started anew, and of which nothing else is
     * known: people are believed to be in it, who have to tell since when.
     */
    public static ChannelState onRecord(ChannelId channel, long id, OpenRecord open, Instant now) {
        var users = new TreeSet<String>();
        open.stays().stream().filter(OpenStay::goesOn).map(OpenStay::user).forEach(users::add);
        var doubted = open.doubted(new Doubt(null));
        return new ChannelState(channel, Call.believed(id, users, now), Seats.NONE, Occupancy.NONE, doubted, Bars.NONE);
    }

    /** Returns when something has to be done about it: an observation, a warning, or its call's end by the rules. */
    public Instant dueAt(CallRules rules) {
        var nextPollAt = call.schedule().nextPollAt();
        return deadlineAt(rules).filter(at -> at.isBefore(nextPollAt)).orElse(nextPollAt);
    }

    /** Returns when what the rules ask for has to be done: that it is told to be near, or what {@link #endDueAt} says. */
    public Optional<Instant> deadlineAt(CallRules rules) {
        return earliest(warningDueAt(rules), endDueAt(rules));
    }

    /**
     * Returns when the call's end by the rules is due, or the observation on which that depends. A call in which nobody is
     * known to be is not ended.
     */
    public Optional<Instant> endDueAt(CallRules rules) {
        return isLive() ? call.deadlineAt(rules) : Optional.empty();
    }

    /**
     * Returns when it is to be told that the limit is near, if that is to be told and was not yet. While a token is undecided
     * the limit may be later.
     */
    public Optional<Instant> warningDueAt(CallRules rules) {
        return isToBeWarned() && isLive() && !call.mayBeSuperseded()
                ? call.limit(rules)
                        .flatMap(limit -> rules.warnBefore()
                                .map(before -> call.startedAt().plus(limit).minus(before)))
                : Optional.empty();
    }

    /** Returns when the call reaches its limit, as phones are told. */
    public Optional<Instant> endsAt(CallRules rules) {
        return call.limit(rules).map(limit -> call.safeStart().plus(limit));
    }

    /** Returns whether people are believed to be in the call. */
    public boolean isLive() {
        return call.isOngoing() && (call.evidence().seen() || !occupancy.isEmpty());
    }

    /** Returns whether somebody is known to have come to its call, by a lookup or by an event. */
    public boolean isAttended() {
        return call.evidence().seen()
                || !occupancy.isEmpty()
                || occupancy.departed().stream()
                        .anyMatch(session -> session.at().isAfter(call.startedAt()));
    }

    /** Returns whether nobody is known to have come to its call, or the call is over: little is lost with it. */
    public boolean isUnseen() {
        return call.stage() != Stage.ENDED && !isLive();
    }

    /** Returns whether nobody has come for so long that nobody will: such a channel is worth no request. */
    public boolean isAbandoned(Instant now) {
        return isUnseen() && seats.isEmpty() && isSilent(now);
    }

    /**
     * Returns whether it may be forgotten for another channel: nobody was seen in it, nobody waits for its seats, no
     * record waits for its end, and nobody is barred.
     */
    public boolean mayMakeRoom(Instant now) {
        return isUnseen()
                && (seats.isEmpty() || isSilent(now))
                && (open == null || open.endedAt() != null)
                && bars.isEmpty();
    }

    private boolean isSilent(Instant now) {
        return !call.evidence().lastTokenAt().plus(ABANDONED_AFTER).isAfter(now);
    }

    /** Returns whether an event told that nobody is left, which a lookup has to confirm. */
    public boolean isEmptiedByEvent() {
        var pending = call.evidence().pending();
        return call.isOngoing() && pending != null && pending.isByEvent();
    }

    /** Returns whether people were seen in the call and nothing about it is open but when it ends. */
    public boolean isSettled() {
        var evidence = call.evidence();
        return call.isOngoing() && evidence.seen() && evidence.pending() == null && !call.hasUndecidedToken();
    }

    /** Returns whether events will tell of the call's end, so that it need not be observed yet. */
    public boolean isHeard(Instant now) {
        return isSettled()
                && !occupancy.isEmpty()
                && occupancy.isHeard()
                && call.evidence().observedAt().plus(Schedule.HEARD_INTERVAL).isAfter(now);
    }

    /**
     * Returns whether only an observation can tell who is alone in the call: somebody is, or events tell of others than
     * the last observation showed.
     */
    public boolean isCompanyOpen() {
        var company = call.evidence().company();
        int told = occupancy.users().size();
        return company == null ? told > 1 : company.left() != null || told == 1;
    }

    /**
     * Returns the state after one more token, whose user has a seat in it. If every seat is taken the token is not
     * issued, and the channel is observed as soon as that can help. It is not issued either if its user is barred.
     *
     * @param nextId the name of the call that may begin by it
     */
    public ChannelState tokenIssued(long nextId, Ticket token, ChannelPolicy policy) {
        if (!policy.seats().isLimited() || bars.bars(token.user(), token.issuedAt())) {
            return tokenWithoutSeat(nextId, token, policy);
        }
        return seats.take(token.user(), token.issuedAt(), policy.seats())
                .map(taken -> new ChannelState(channel, callAfter(nextId, token, policy), taken, occupancy, open, bars))
                .orElseGet(() -> observedSooner(token.issuedAt(), policy));
    }

    /** Returns the state after one more token, for which no seat is counted; nothing comes of it if its user is barred. */
    public ChannelState tokenWithoutSeat(long nextId, Ticket token, ChannelPolicy policy) {
        return bars.bars(token.user(), token.issuedAt()) ? this : with(callAfter(nextId, token, policy));
    }

    private Call callAfter(long nextId, Ticket token, ChannelPolicy policy) {
        return call.tokenIssued(nextId, token, policy.events() == EventPolicy.HEARD && occupancy.isEmpty());
    }

    /**
     * Returns the state after it proved that a token was never handed out: its user has no seat by it, and keeps one that an
     * earlier token gave; and it limits no call.
     */
    public ChannelState tokenWithdrawn(UserId user, Instant at) {
        boolean alone = call.evidence().tickets().stream()
                .noneMatch(ticket ->
                        ticket.user().equals(user.value()) && !ticket.issuedAt().equals(at));
        var next = call.tokenWithdrawn(user.value(), at);
        return new ChannelState(
                channel, next, alone ? seats.withdrawn(user.value(), at) : seats, occupancy, open, bars);
    }

    /** Moves the next observation forward, unless it comes soon anyway: a failed lookup is not repeated for each asker. */
    private ChannelState observedSooner(Instant at, ChannelPolicy policy) {
        var nextPollAt = call.schedule().nextPollAt();
        if (!nextPollAt.isAfter(at.plus(Schedule.RETRY_DELAY))) {
            return this;
        }
        var soonest = latest(
                at, call.evidence().observedAt().plus(Observation.CONFIRMATION_GAP), seats.countsFrom(policy.seats()));
        return with(call.pollingAt(earlier(soonest, nextPollAt)));
    }

    /**
     * Returns the state after an observation; nothing if the call is over and nobody has a seat.
     *
     * @param nextId the name of the call that may prove to have begun
     */
    public Optional<ChannelState> observed(long nextId, Observation observation, ChannelPolicy policy) {
        var askedAt = observation.askedAt();
        if (askedAt.isBefore(call.evidence().observedAt())) {
            return Optional.of(this);
        }
        var after = call.observed(
                        nextId,
                        observation,
                        policy.start(),
                        Optional.of(occupancy).filter(known -> policy.events() == EventPolicy.HEARD))
                .map(next -> next.shown(observation, policy.aloneMatters()));
        var there = policy.events() == EventPolicy.OFF ? Occupancy.NONE : occupancy.observed(observation);
        if (!policy.seats().isLimited()) {
            return after.map(next -> new ChannelState(channel, next, seats, there, open, bars));
        }
        var left = seats.observed(observation, policy.seats());
        if (after.filter(next -> next.stage() != Stage.OVER || left.isEmpty()).isPresent()) {
            return Optional.of(pollingForSeats(after.get(), left, there, policy));
        }
        var seatsDueAt = left.observeAt(askedAt.plus(Observation.CONFIRMATION_GAP), policy.seats());
        return left.latestSignAt()
                .map(sign -> call.awaited(nextId, sign, askedAt)
                        .pollingAt(seatsDueAt.orElse(askedAt.plus(Schedule.POLL_INTERVAL))))
                .map(awaited -> new ChannelState(channel, awaited, left, there, open, bars));
    }

    /**
     * Returns the state after an event. That a user joined changes nothing but who is there, and that nobody counts as
     * alone; that nobody is left, or one, has to be confirmed by a lookup.
     *
     * @param at when it was told
     */
    public ChannelState told(ChannelEvent event, Instant at, ChannelPolicy policy) {
        var there = occupancy.told(event, at);
        if (there.equals(occupancy)) {
            return this;
        }
        var left = event.kind() == Kind.LEAVE
                        && policy.seats().isLimited()
                        && !there.users().contains(event.user())
                ? seats.left(event.user(), at)
                : seats;
        return new ChannelState(channel, afterEvent(event, there, at, policy), left, there, open, bars);
    }

    private Call afterEvent(ChannelEvent event, Occupancy there, Instant at, ChannelPolicy policy) {
        return switch (event.kind()) {
            // Somebody may have come back to a call that was ended.
            case JOIN -> call.stage() == Stage.ENDED ? call.pollingAt(at) : call.joinedBy(event.user());
            case LEAVE -> {
                if (isLive() && there.isEmpty()) {
                    yield call.emptied(at);
                }
                boolean alone =
                        policy.aloneMatters() && isLive() && there.users().size() == 1;
                yield alone ? call.pollingAt(earlier(at, call.schedule().nextPollAt())) : call;
            }
            case CLOSE -> isLive() ? call.emptied(at) : call;
        };
    }

    /** Returns the state when a poll is not needed yet. */
    public ChannelState pollPostponed(Instant now) {
        return with(call.pollingAt(now.plus(Schedule.POLL_INTERVAL)));
    }

    /** Returns the state after a lookup that failed. */
    public ChannelState lookupFailed(Instant now) {
        return with(call.lookupFailed(now));
    }

    /** Returns the state after those in the call told when they joined, or nobody could tell. */
    public ChannelState startLearned(Optional<Joins> joins, ChannelPolicy policy) {
        return pollingForSeats(call.startLearned(joins), seats, occupancy, policy);
    }

    /** Returns a state of the channel that is observed no later than its seats want it. */
    private ChannelState pollingForSeats(Call next, Seats left, Occupancy there, ChannelPolicy policy) {
        var notBefore = next.evidence().observedAt().plus(Observation.CONFIRMATION_GAP);
        var nextPollAt = next.schedule().nextPollAt();
        var soonest = left.observeAt(notBefore, policy.seats())
                .map(at -> earlier(at, nextPollAt))
                .orElse(nextPollAt);
        return new ChannelState(channel, next.pollingAt(soonest), left, there, open, bars);
    }

    /**
     * Returns the state after the channel was deleted: who was in it is out, who is on the way may still come.
     *
     * @param nextId the name of the call that a token issued meanwhile begins
     */
    public ChannelState ended(long nextId, Instant now) {
        return new ChannelState(channel, call.ended(nextId, now), seats.deleted(), occupancy.deleted(), open, bars);
    }

    /**
     * Returns the state after the channel was deleted because the operator wants it, whoever was in it: tokens issued by
     * then are those of the call that is ended.
     *
     * @param nextId the name of the call that a token issued since begins
     * @param deletedAt when the deletion was sent
     */
    public ChannelState endedByOperator(long nextId, Instant deletedAt, Instant now) {
        return new ChannelState(
                channel,
                call.endedByOperator(nextId, deletedAt, now),
                seats.deleted(),
                occupancy.deleted(),
                open,
                bars);
    }

    /** Returns the state of a channel of which nothing is known, after it was deleted because the operator wants it. */
    public static ChannelState unknownEnded(ChannelId channel, long id, Instant deletedAt, Instant now) {
        return unknown(channel, id, deletedAt).endedByOperator(id, deletedAt, now);
    }

    /**
     * Returns the state after one more user, or everybody, was barred; nothing if that cannot be remembered.
     *
     * @param state what is known of the channel, if anything is
     * @param id the name of a call, in case that nothing is
     */
    public static Optional<ChannelState> barred(
            @Nullable ChannelState state, ChannelId channel, long id, Bars.Bar bar, Instant now) {
        return state == null
                ? Bars.NONE
                        .with(bar, now)
                        .map(bars -> unknown(channel, id, now).with(bars).untilBarsEnd())
                : state.bars.with(bar, now).map(state::with);
    }

    /** Returns what is left of the state once the call is over: nothing, unless somebody is barred. */
    public Optional<ChannelState> withoutCall(long id, Instant now) {
        var left = bars.at(now);
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(new ChannelState(channel, Call.none(id, now), Seats.NONE, Occupancy.NONE, open, left)
                        .untilBarsEnd());
    }

    private static ChannelState unknown(ChannelId channel, long id, Instant now) {
        return new ChannelState(channel, Call.none(id, now), Seats.NONE, Occupancy.NONE, null, Bars.NONE);
    }

    /** Returns the state that is kept for as long as anybody is barred. */
    private ChannelState untilBarsEnd() {
        return bars.end().map(end -> with(call.pollingAt(end))).orElse(this);
    }

    /** Returns the state after an attempt to end the call failed. */
    public ChannelState endFailed(Instant now) {
        return with(call.endFailed(now));
    }

    private ChannelState with(Call next) {
        return new ChannelState(channel, next, seats, occupancy, open, bars);
    }

    private ChannelState with(Bars others) {
        return new ChannelState(channel, call, seats, occupancy, open, others);
    }

    /** Returns the same state with something else on record. */
    ChannelState with(@Nullable OpenRecord record) {
        return Objects.equals(record, open) ? this : new ChannelState(channel, call, seats, occupancy, record, bars);
    }

    private boolean isToBeWarned() {
        // Once its end was tried there is nothing to warn of.
        return open != null
                && open.goesOn()
                && !open.warned()
                && call.schedule().retry() == null;
    }

    private static Optional<Instant> earliest(Optional<Instant> a, Optional<Instant> b) {
        return a.isEmpty() || (b.isPresent() && b.get().isBefore(a.get())) ? b : a;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant latest(Instant a, Instant b, Instant c) {
        var ab = a.isAfter(b) ? a : b;
        return ab.isAfter(c) ? ab : c;
    }
}
