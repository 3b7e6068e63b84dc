package alirtc.appserver.call;

import alirtc.appserver.call.Evidence.PendingChange;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A call in a channel, as far as it is known at one moment, and how it changes by evidence: tokens issued, observations
 * of its channel, its end at a time limit. Immutable; all times are by the steady clock.
 *
 * <p>A single observation that shows nobody proves nothing: the cloud has answered so while people were talking. Only
 * two that agree do, {@link Observation#CONFIRMATION_GAP} apart.
 *
 * @param id tells it from earlier and later calls in its channel
 * @param stage how sure its start is, and whether it was ended
 * @param startedAt when it began, or from when its time counts
 * @param evidence what is known of it
 * @param schedule when something has to be done about it
 */
public record Call(long id, Stage stage, Instant startedAt, Evidence evidence, Schedule schedule) {

    /** How sure a call's start is, and whether it was ended. */
    public enum Stage {
        /** Nobody could say yet whether the channel was empty at its first token: the call may have begun before. */
        PROVISIONAL,
        /** Its start is known. */
        KNOWN,
        /** It began before it was known, and nobody can tell when; the time limit counts from when it was found. */
        START_UNKNOWN,
        /** It was ended at its limit; its channel is kept ended while its tokens are valid. */
        ENDED
    }

    /** Returns the call that a token begins in a channel of which nothing is known. */
    static Call begun(long id, UserId user, Instant at) {
        return new Call(
                id, Stage.PROVISIONAL, at, Evidence.ofToken(user, at), Schedule.pollAt(at.plus(Schedule.RETRY_DELAY)));
    }

    /** Returns a call that was found in progress, its start told by those in it if anybody can tell. */
    static Call found(long id, Optional<Instant> earliestJoin, Instant now) {
        return new Call(
                id,
                stageOf(earliestJoin),
                earliestJoin.orElse(now),
                Evidence.ofPeople(now),
                Schedule.pollAt(now.plus(Schedule.POLL_INTERVAL)));
    }

    private static Stage stageOf(Optional<Instant> earliestJoin) {
        return earliestJoin.isPresent() ? Stage.KNOWN : Stage.START_UNKNOWN;
    }

    /** Returns whether another call may have begun in its place, which a second observation has to tell. */
    public boolean mayBeSuperseded() {
        var pending = evidence.pending();
        return pending != null && pending.isSuccession();
    }

    /** Returns whether a token was issued since its channel was last observed. */
    public boolean hasTokenSinceObservation() {
        return evidence.hasTokenSinceObservation();
    }

    /** Returns when something has to be done about it: an observation, or its end at the limit. */
    public Instant dueAt(Optional<Duration> limit) {
        var nextPollAt = schedule.nextPollAt();
        return deadlineAt(limit).filter(at -> at.isBefore(nextPollAt)).orElse(nextPollAt);
    }

    /** Returns when what a time limit asks for has to be done: its end, or the observation on which that depends. */
    public Optional<Instant> deadlineAt(Optional<Duration> limit) {
        return stage == Stage.ENDED
                ? Optional.empty()
                : limit.map(longest -> mayBeSuperseded() ? schedule.nextPollAt() : endDueAt(longest));
    }

    /** Returns when it has to be ended, or when to try that again. */
    public Instant endDueAt(Duration limit) {
        return schedule.retryAt().orElseGet(() -> startedAt.plus(limit));
    }

    /** Returns the call after one more token; the token of an ended call begins another. */
    Call tokenIssued(long nextId, UserId user, Instant at) {
        var known = evidence.withToken(user, at);
        return stage == Stage.ENDED ? successor(nextId, at, false, known) : with(known);
    }

    /** Returns the call after an observation: this one or a later one in its channel; nothing if it is over. */
    Optional<Call> observed(long nextId, Observation observation) {
        var askedAt = observation.askedAt();
        if (askedAt.isBefore(evidence.observedAt())) {
            return Optional.of(this);
        }
        var known = evidence.withObservedAt(askedAt);
        if (stage == Stage.ENDED) {
            return Optional.of(with(known).pollingAt(askedAt.plus(Schedule.KEEP_ENDED_INTERVAL)));
        }
        return observation.users().isEmpty()
                ? with(known).observedEmpty(nextId, observation)
                : Optional.of(with(known).observedPeople(nextId, observation));
    }

    private Optional<Call> observedEmpty(long nextId, Observation observation) {
        var askedAt = observation.askedAt();
        var lastTokenAt = evidence.lastTokenAt();
        var tokenAt = observation
                .tokenAt()
                .or(() -> askedAt.isBefore(lastTokenAt) ? Optional.empty() : Optional.of(lastTokenAt));
        if (!evidence.seen() && tokenAt.isPresent()) {
            // While nobody comes, the call begins anew with each token.
            var begun = new Call(
                    id,
                    Stage.KNOWN,
                    later(startedAt, tokenAt.get()),
                    evidence.withoutTicketsUntil(tokenAt.get()),
                    schedule);
            return begun.countedTowardsEnd(askedAt);
        }
        var pending = evidence.pending();
        if (pending != null && pending.tokenAt() != null) {
            return Optional.of(succession(nextId, observation, pending, pending.tokenAt()))
                    .flatMap(next -> next.id != id && pending.occupied()
                            // The later call did begin. That nobody is there now is a first sign of its own end.
                            ? next.observed(nextId, observation)
                            : Optional.of(next));
        }
        if (observation.tokenAt().isEmpty()) {
            return countedTowardsEnd(askedAt);
        }
        return Optional.of(
                pending != null && pending.isConfirmableBy(observation)
                        ? successor(nextId, observation.tokenAt().get(), false, evidence)
                        : pendingOn(
                                new PendingChange(askedAt, observation.tokenAt().get(), false)));
    }

    /** Returns the call, or the later one if this second observation of an empty channel confirms that it began. */
    private Call succession(long nextId, Observation observation, PendingChange pending, Instant tokenAt) {
        var begunAt = pending.occupied()
                ? tokenAt
                : later(tokenAt, observation.tokenAt().orElse(tokenAt));
        return pending.isConfirmableBy(observation)
                ? successor(nextId, begunAt, pending.occupied(), evidence)
                : pendingOn(new PendingChange(pending.emptyAt(), begunAt, pending.occupied()));
    }

    private Optional<Call> countedTowardsEnd(Instant askedAt) {
        var countsFrom = evidence.lastTokenAt().plus(Schedule.JOIN_GRACE);
        if (askedAt.isBefore(countsFrom)) {
            return Optional.of(pollingAt(countsFrom));
        }
        var pending = evidence.pending();
        var first = pending != null && pending.emptyAt().isAfter(evidence.lastTokenAt())
                ? pending
                : new PendingChange(askedAt, null, false);
        return askedAt.isBefore(first.confirmableAt()) ? Optional.of(pendingOn(first)) : Optional.empty();
    }

    private Call observedPeople(long nextId, Observation observation) {
        var askedAt = observation.askedAt();
        var newcomersSince = evidence.newcomersSince(observation.users().everyone());
        if (stage != Stage.PROVISIONAL && evidence.seen() && newcomersSince.isPresent()) {
            // Nobody of this call is there, only people with new tokens: as good as an observation that shows nobody.
            var pending = evidence.pending();
            var emptyAt = pending == null ? askedAt : pending.emptyAt();
            var tokenAt = pending == null || pending.tokenAt() == null ? newcomersSince.get() : pending.tokenAt();
            var first = new PendingChange(emptyAt, tokenAt, true);
            return first.isConfirmableBy(observation) ? successor(nextId, tokenAt, true, evidence) : pendingOn(first);
        }
        var known = evidence.withSeen(true);
        if (stage == Stage.PROVISIONAL && newcomersSince.isEmpty()) {
            // Somebody was there before the first token: those present have to tell since when.
            return with(known).pollingAt(askedAt.plus(Schedule.RETRY_DELAY));
        }
        return new Call(
                id,
                stage == Stage.PROVISIONAL ? Stage.KNOWN : stage,
                startedAt,
                known.withoutTicketsUntil(observation.tokenAt().orElse(askedAt)),
                schedule.withNextPollAt(askedAt.plus(Schedule.POLL_INTERVAL)));
    }

    /**
     * Returns the call as it is where a user can get more than one token: who is there with a new token may have been
     * there all the time, unless an observation showed nobody.
     */
    Call withoutNewcomers() {
        return evidence.pending() != null || evidence.tickets().isEmpty() ? this : with(evidence.withoutTickets());
    }

    /** Returns the call after a lookup that failed; nothing is learnt, but when to try again. */
    Call lookupFailed(Instant now) {
        // Their users may have joined this very call: they are no sign of another one any more.
        var known = stage == Stage.PROVISIONAL || mayBeSuperseded() ? evidence : evidence.withoutTicketsUntil(now);
        return with(known).pollingAt(later(schedule.nextPollAt(), now.plus(Schedule.RETRY_DELAY)));
    }

    /** Returns the call after those in it told when the first of them joined, or nobody could tell. */
    Call startLearned(Optional<Instant> earliestJoin) {
        if (stage != Stage.PROVISIONAL) {
            return this;
        }
        var nextPollAt = later(schedule.nextPollAt(), evidence.observedAt().plus(Schedule.POLL_INTERVAL));
        return new Call(
                id,
                stageOf(earliestJoin),
                earliestJoin.filter(startedAt::isAfter).orElse(startedAt),
                evidence.withoutTickets(),
                schedule.withNextPollAt(nextPollAt));
    }

    /** Returns the call after its channel was deleted; a token issued since the last observation begins another. */
    Call ended(long nextId, Instant now) {
        return hasTokenSinceObservation()
                ? successor(nextId, evidence.lastTokenAt(), false, evidence)
                : new Call(
                        id,
                        Stage.ENDED,
                        startedAt,
                        evidence.withPending(null).withoutTickets(),
                        Schedule.pollAt(now.plus(Schedule.KEEP_ENDED_INTERVAL)));
    }

    /** Returns the call after an attempt to end it failed. */
    Call endFailed(Instant now) {
        return new Call(id, stage, startedAt, evidence, schedule.afterFailedEnd(now));
    }

    /** Returns the call after there was no time to end it now. */
    Call endPostponed(Instant now) {
        return new Call(id, stage, startedAt, evidence, schedule.afterPostponedEnd(now));
    }

    /** Returns the call with another time for the next observation. */
    Call pollingAt(Instant at) {
        return new Call(id, stage, startedAt, evidence, schedule.withNextPollAt(at));
    }

    /** Returns the call that is awaited in place of one that an observation proved to be over: nobody has come to it yet. */
    Call awaited(long nextId, Instant startsAt, Instant emptyAt) {
        return successor(nextId, startsAt, false, evidence.withObservedAt(emptyAt));
    }

    private Call with(Evidence known) {
        return new Call(id, stage, startedAt, known, schedule);
    }

    /** Returns the call with a change that a second observation has to confirm, as soon as that counts. */
    private Call pendingOn(PendingChange change) {
        return with(evidence.withPending(change)).pollingAt(change.confirmableAt());
    }

    /** Returns the later call in the same channel that began with a token. */
    private static Call successor(long nextId, Instant tokenAt, boolean seenAlready, Evidence known) {
        var nextPollAt = later(
                known.observedAt().plus(Observation.CONFIRMATION_GAP),
                known.lastTokenAt().plus(Schedule.JOIN_GRACE));
        return new Call(
                nextId,
                Stage.KNOWN,
                tokenAt,
                known.withSeen(seenAlready).withoutTicketsUntil(tokenAt),
                Schedule.pollAt(nextPollAt));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
