package alirtc.appserver.call;

import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a channel at one moment: the call in it and who has seats. The only place where both change.
 * Immutable; all times are by the steady clock.
 *
 * @param channel its name
 * @param call the call in it, which may have been ended
 * @param seats who has a seat in it; none unless seats are counted
 */
public record ChannelState(ChannelId channel, Call call, Seats seats) {

    /** Returns the state that a first token begins, with a seat for its user if seats are counted. */
    public static ChannelState begun(ChannelId channel, long id, UserId user, Instant at, ChannelPolicy policy) {
        var seats = policy.seats().isLimited()
                ? Seats.NONE.take(user.value(), at, policy.seats()).orElse(Seats.NONE)
                : Seats.NONE;
        return new ChannelState(channel, Call.begun(id, user, at), seats);
    }

    /** Returns the state of a channel in which people were found, with seats for them if seats are counted. */
    public static ChannelState found(
            ChannelId channel, long id, Optional<Joins> joins, ChannelUsers users, Instant now, ChannelPolicy policy) {
        var observation = new Observation(now, now, users);
        var seats = policy.seats().isLimited() ? Seats.NONE.observed(observation, policy.seats()) : Seats.NONE;
        return new ChannelState(channel, Call.found(id, joins.map(Joins::earliest), users.everyone(), now), seats);
    }

    /** Returns when something has to be done about it. */
    public Instant dueAt(Optional<Duration> limit) {
        return call.dueAt(limit);
    }

    /**
     * Returns the state after one more token, whose user has a seat in it. If every seat is taken the token is not
     * issued, and the channel is observed as soon as that can help.
     *
     * @param nextId the name of the call that may begin by it
     */
    public ChannelState tokenIssued(long nextId, UserId user, Instant at, ChannelPolicy policy) {
        if (!policy.seats().isLimited()) {
            return new ChannelState(channel, call.tokenIssued(nextId, user, at), seats);
        }
        return seats.take(user.value(), at, policy.seats())
                .map(taken -> new ChannelState(channel, call.tokenIssued(nextId, user, at), taken))
                .orElseGet(() -> observedSooner(at, policy));
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
        var after = call.observed(nextId, observation, policy.start());
        if (!policy.seats().isLimited()
                || observation.askedAt().isBefore(call.evidence().observedAt())) {
            return after.map(this::with);
        }
        var askedAt = observation.askedAt();
        var left = seats.observed(observation, policy.seats());
        if (after.isPresent()) {
            return Optional.of(pollingForSeats(after.get(), left, policy));
        }
        var seatsDueAt = left.observeAt(askedAt.plus(Observation.CONFIRMATION_GAP), policy.seats());
        return left.latestSignAt()
                .map(sign -> call.awaited(nextId, sign, askedAt)
                        .pollingAt(seatsDueAt.orElse(askedAt.plus(Schedule.POLL_INTERVAL))))
                .map(awaited -> new ChannelState(channel, awaited, left));
    }

    /** Returns the state after a lookup that failed. */
    public ChannelState lookupFailed(Instant now) {
        return with(call.lookupFailed(now));
    }

    /** Returns the state after those in the call told when they joined, or nobody could tell. */
    public ChannelState startLearned(Optional<Joins> joins, ChannelPolicy policy) {
        return pollingForSeats(call.startLearned(joins), seats, policy);
    }

    /** Returns a state of the channel that is observed no later than its seats want it. */
    private ChannelState pollingForSeats(Call next, Seats left, ChannelPolicy policy) {
        var notBefore = next.evidence().observedAt().plus(Observation.CONFIRMATION_GAP);
        var nextPollAt = next.schedule().nextPollAt();
        var soonest = left.observeAt(notBefore, policy.seats())
                .map(at -> earlier(at, nextPollAt))
                .orElse(nextPollAt);
        return new ChannelState(channel, next.pollingAt(soonest), left);
    }

    /**
     * Returns the state after the channel was deleted: who was in it is out, who is on the way may still come.
     *
     * @param nextId the name of the call that a token issued meanwhile begins
     */
    public ChannelState ended(long nextId, Instant now) {
        return new ChannelState(channel, call.ended(nextId, now), seats.deleted());
    }

    /** Returns the state after an attempt to end the call failed. */
    public ChannelState endFailed(Instant now) {
        return with(call.endFailed(now));
    }

    private ChannelState with(Call next) {
        return new ChannelState(channel, next, seats);
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant latest(Instant a, Instant b, Instant c) {
        var ab = a.isAfter(b) ? a : b;
        return ab.isAfter(c) ? ab : c;
    }
}
