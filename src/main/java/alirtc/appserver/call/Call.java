package alirtc.appserver.call;

import alirtc.appserver.call.Evidence.PendingChange;
import alirtc.appserver.call.Evidence.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call in a channel, as far as it is known at one moment, and how it changes by evidence: tokens issued, observations
 * of its channel, its end at a time limit. Immutable; all times are by the steady clock.
 *
 * <p>The rule of the contract: a token that finds the channel empty begins the call, one that finds somebody in it leaves
 * the start as it is. Where it cannot be known which of two starts is right, the later one is taken: {@link #safeStart}
 * is never before the right one. Evidence that comes later may move it back.
 *
 * <p>A single observation that shows nobody proves nothing: the cloud has answered so while people were talking. Only
 * two that agree do, {@link Observation#CONFIRMATION_GAP} apart, or one and an event before it that nobody is left.
 *
 * @param id tells it from earlier and later calls in its channel
 * @param stage how sure its start is, and whether it was ended
 * @param startedAt the latest start that may be the right one, all tokens considered that are decided
 * @param storedStart the start that is right if those present were there at all undecided tokens; none if the earliest of
 *     their joins is, and none unless the stage is provisional
 * @param evidence what is known of it
 * @param schedule when something has to be done about it
 */
public record Call(
        long id, Stage stage, Instant startedAt, @Nullable Instant storedStart, Evidence evidence, Schedule schedule) {

    /** How sure a call's start is, and whether it was ended. */
    public enum Stage {
        /** It may have begun earlier: nobody could say yet whether the channel was empty at a token. */
        PROVISIONAL,
        /** Its start is known, or none earlier can be proven. */
        KNOWN,
        /** It began before it was known, and nobody can tell when; the time limit counts from when it was found. */
        START_UNKNOWN,
        /** Everybody left, as an event and a lookup agree; remembered for a while, since the next token needs no lookup. */
        OVER,
        /** It was ended at its limit; its channel is kept ended while its tokens are valid. */
        ENDED
    }

    /** Returns the call that a token begins in a channel of which nothing is known. */
    static Call begun(long id, Ticket token) {
        var at = token.issuedAt();
        return new Call(
                id,
                Stage.PROVISIONAL,
                at,
                null,
                Evidence.ofToken(token),
                Schedule.pollAt(at.plus(Schedule.RETRY_DELAY)));
    }

    /** Returns a call that was found in progress, its start told by those in it if anybody can tell. */
    static Call found(long id, Optional<Instant> earliestJoin, Set<String> users, Instant now) {
        return new Call(
                id,
                stageOf(earliestJoin),
                earliestJoin.orElse(now),
                null,
                Evidence.ofPeople(users, now),
                Schedule.pollAt(now.plus(Schedule.POLL_INTERVAL)));
    }

    private static Stage stageOf(Optional<Instant> earliestJoin) {
        return earliestJoin.isPresent() ? Stage.KNOWN : Stage.START_UNKNOWN;
    }

    /** Returns the start that is safe to tell: no right start can be after it. */
    public Instant safeStart() {
        return evidence.lastUndecided().filter(startedAt::isBefore).orElse(startedAt);
    }

    /** Returns whether it may be over, or superseded, which a second observation has to tell. */
    public boolean hasPendingChange() {
        return evidence.pending() != null;
    }

    /** Returns whether another call may have begun in its place, which a second observation has to tell. */
    public boolean mayBeSuperseded() {
        var pending = evidence.pending();
        return pending != null && pending.isSuccession();
    }

    /** Returns whether it is undecided of a token whether the channel was empty when it was issued. */
    public boolean hasUndecidedToken() {
        return evidence.lastUndecided().isPresent();
    }

    /** Returns whether a token was issued since its channel was last observed. */
    public boolean hasTokenSinceObservation() {
        return evidence.hasTokenSinceObservation();
    }

    /** Returns whether it is neither over nor ended. */
    public boolean isOngoing() {
        return stage != Stage.OVER && stage != Stage.ENDED;
    }

    /**
     * Returns how long it may last, if there is a limit: the least of the operator's and of those of its tokens. Where it
     * cannot be known which tokens are its own, no less than it may be.
     */
    public Optional<Duration> limit(CallRules rules) {
        var byToken = evidence.limit(startedAt);
        return byToken.isEmpty()
                ? rules.limit()
                : Optional.ofNullable(
                        TokenLimits.lesser(byToken.get(), rules.limit().orElse(null)));
    }

    /** Returns when what the rules ask for has to be done: its end, or the observation on which that depends. */
    Optional<Instant> deadlineAt(CallRules rules) {
        var limitAt = limit(rules).map(limit -> hasPendingChange() ? schedule.nextPollAt() : endDueAt(limit));
        var aloneAt = aloneAt(rules).map(this::afterRetry);
        return limitAt.isPresent() && aloneAt.isPresent()
                ? Optional.of(earlier(limitAt.get(), aloneAt.get()))
                : limitAt.or(() -> aloneAt);
    }

    /** Returns when it has to be ended, or when to try that again. */
    public Instant endDueAt(Duration limit) {
        return afterRetry(startedAt.plus(limit));
    }

    private Instant afterRetry(Instant due) {
        return schedule.retryAt().filter(due::isBefore).orElse(due);
    }

    /**
     * Returns when one will have been left alone in it for as long as that may be, if one is and the rules set a time. A
     * token gives its user the time to join first; while it is undecided whether it began another call, nobody is alone.
     */
    private Optional<Instant> aloneAt(CallRules rules) {
        var company = evidence.company();
        return company == null || !isOngoing() || !evidence.seen() || evidence.pending() != null
                ? Optional.empty()
                : rules.aloneFor().flatMap(time -> company.aloneAt(time, safeStart(), expectedUntil()));
    }

    /** Returns until when somebody with a token may be on the way. */
    private Instant expectedUntil() {
        return evidence.lastTokenAt().plus(Schedule.JOIN_GRACE);
    }

    /** Returns why it has to be ended now, if that is proven by what was observed. */
    public Optional<EndReason> endReason(CallRules rules, Instant now) {
        if (limit(rules).filter(limit -> hasLasted(limit, now)).isPresent()) {
            return Optional.of(EndReason.LIMIT);
        }
        var observedAt = evidence.observedAt();
        boolean fresh = observedAt.plus(Schedule.RETRY_DELAY).isAfter(now);
        return aloneAt(rules).filter(at -> fresh && !at.isAfter(observedAt)).map(at -> EndReason.ALONE);
    }

    /**
     * Returns whether there is evidence that those in the call have been in it for a time: people were seen in it after
     * the last token, no change is pending, and its start is so long ago.
     */
    public boolean hasLasted(Duration time, Instant now) {
        return isOngoing()
                && evidence.seen()
                && !hasPendingChange()
                && !hasTokenSinceObservation()
                && !safeStart().plus(time).isAfter(now);
    }

    /**
     * Returns the call after one more token; the token of an ended call begins another, and so does one after a call that
     * is over.
     *
     * @param provenEmpty whether nobody can have come since a call was over
     */
    Call tokenIssued(long nextId, Ticket token, boolean provenEmpty) {
        var at = token.issuedAt();
        var known = evidence.withToken(token);
        // Where there was no call before, nothing was observed.
        if (stage == Stage.ENDED || (stage == Stage.OVER && provenEmpty && !hasTokenSinceObservation())) {
            return successor(nextId, at, known.withNobody());
        }
        if (stage == Stage.OVER) {
            return begun(nextId, token);
        }
        var soon = at.plus(Schedule.RETRY_DELAY);
        return with(known).pollingAt(earlier(schedule.nextPollAt(), soon));
    }

    /** Returns the call after a token proved never to have been handed out: it limits nothing. */
    Call tokenWithdrawn(String user, Instant at) {
        return with(evidence.withoutLimit(user, at));
    }

    /**
     * Returns the call after an observation: this one or a later one in its channel; nothing if it is over.
     *
     * @param heard who was there by events, before it; empty unless events are heard
     */
    Optional<Call> observed(long nextId, Observation observation, StartPolicy policy, Optional<Occupancy> heard) {
        var askedAt = observation.askedAt();
        if (askedAt.isBefore(evidence.observedAt())) {
            return Optional.of(this);
        }
        var known = with(evidence.withObservedAt(askedAt));
        if (stage == Stage.ENDED) {
            return Optional.of(known.pollingAt(Schedule.nextKeepEndedPoll(evidence.observedAt(), askedAt)));
        }
        if (stage == Stage.OVER) {
            return Optional.of(observation.users().isEmpty() ? known : foundAgain(nextId, observation));
        }
        return observation.users().isEmpty()
                ? known.with(known.evidence.withoutMembers()).observedEmpty(nextId, observation, policy, heard)
                : Optional.of(known.observedPeople(
                        nextId, observation, evidence.lastMaybeEmpty(observation, policy, heard), policy));
    }

    /**
     * Returns the call of people who came to a channel without a new token; they have to tell since when, and keep the
     * limits of their tokens.
     */
    private Call foundAgain(long nextId, Observation observation) {
        var now = observation.answeredAt();
        return new Call(
                nextId,
                Stage.PROVISIONAL,
                now,
                null,
                Evidence.ofPeople(observation.users().everyone(), observation.askedAt())
                        .withLimits(evidence.limitsCarriedTo(now)),
                Schedule.pollAt(now.plus(Schedule.RETRY_DELAY)));
    }

    /** Returns the call with what an observation tells of who came by its tokens, and of who is alone in it. */
    Call shown(Observation observation, boolean aloneMatters) {
        if (!isOngoing() || !evidence.seen()) {
            return this;
        }
        // What was asked for before it began may show people of an earlier one.
        boolean own = !mayBeSuperseded() && !observation.askedAt().isBefore(startedAt);
        var known = own ? evidence.withUsed(observation, startedAt) : evidence;
        return aloneMatters
                ? with(known.withCompany(
                        mayBeSuperseded()
                                ? notAlone()
                                : Company.observed(evidence.company(), observation, expectedUntil())))
                : with(known);
    }

    /** Returns the call after an event that another than the one who is alone in it came: that has to be seen. */
    Call joinedBy(String user) {
        var company = evidence.company();
        return company == null
                        || company.left() == null
                        || company.left().user().equals(user)
                ? this
                : with(evidence.withCompany(company.notAlone()));
    }

    private @Nullable Company notAlone() {
        var company = evidence.company();
        return company == null ? null : company.notAlone();
    }

    /** Returns the call of people who were in a channel before the server was started anew; to be observed at once. */
    static Call believed(long id, Set<String> users, Instant now) {
        return new Call(id, Stage.PROVISIONAL, now, null, Evidence.ofPeople(users, now), Schedule.pollAt(now));
    }

    /**
     * Returns the call after an event that nobody is left in its channel: as good as a first observation that shows
     * nobody. Who was seen in it stays known, since events can be forged.
     */
    Call emptied(Instant at) {
        if (!isOngoing()) {
            return this;
        }
        var pending = evidence.pending();
        var token = pending != null
                ? pending.tokenAt()
                : evidence.seen() ? evidence.lastUndecided().orElse(null) : null;
        var change = new PendingChange(at, at, token, pending != null && pending.occupied());
        return with(evidence.withPending(change))
                .pollingAt(earlier(schedule.nextPollAt(), at.plus(Schedule.RETRY_DELAY)));
    }

    private Optional<Call> observedEmpty(
            long nextId, Observation observation, StartPolicy policy, Optional<Occupancy> heard) {
        var askedAt = observation.askedAt();
        var token = evidence.lastUndecided(at -> !at.isAfter(askedAt));
        if (!evidence.seen()) {
            // While nobody comes, the call begins anew with each token.
            var start = token.filter(startedAt::isBefore).orElse(startedAt);
            var begun = new Call(id, Stage.KNOWN, start, null, evidence.decidedUntil(askedAt, start), schedule);
            return begun.countedTowardsEnd(nextId, observation);
        }
        var pending = evidence.pending();
        if (pending != null && pending.tokenAt() != null) {
            var begunAt =
                    pending.occupied() ? pending.tokenAt() : later(pending.tokenAt(), token.orElse(pending.tokenAt()));
            if (!pending.isConfirmableBy(observation)) {
                return Optional.of(pendingOn(pending.begunBy(begunAt, pending.occupied())));
            }
            var nobody = evidence.withNobody();
            // If the later call did begin, that nobody is there now is a first sign of its own end.
            return pending.occupied()
                    ? successor(nextId, begunAt, nobody.withSeen()).observed(nextId, observation, policy, heard)
                    : Optional.of(successor(nextId, begunAt, nobody));
        }
        if (token.isEmpty()) {
            return countedTowardsEnd(nextId, observation);
        }
        return Optional.of(
                pending != null && pending.isConfirmableBy(observation)
                        ? successor(nextId, token.get(), evidence.withNobody())
                        : pendingOn(PendingChange.at(askedAt, token.get(), false)));
    }

    private Optional<Call> countedTowardsEnd(long nextId, Observation observation) {
        var askedAt = observation.askedAt();
        var lastTokenAt = evidence.lastTokenAt();
        var countsFrom = lastTokenAt.plus(Schedule.JOIN_GRACE);
        var pending = evidence.pending();
        var first = pending != null && pending.emptyAt().isAfter(lastTokenAt) ? pending : null;
        if (first == null) {
            return Optional.of(
                    askedAt.isBefore(countsFrom)
                            ? pollingAt(countsFrom)
                            : pendingOn(PendingChange.at(askedAt, null, false)));
        }
        if (!first.isConfirmableBy(observation)) {
            return Optional.of(pendingOn(first));
        }
        if (askedAt.isBefore(countsFrom)) {
            // Whoever got the last token may still be on the way.
            return Optional.of(successor(nextId, lastTokenAt, evidence.withNobody()));
        }
        return first.isByEvent() ? Optional.of(over(askedAt)) : Optional.empty();
    }

    private Call over(Instant at) {
        return new Call(
                id, Stage.OVER, startedAt, null, evidence.withNobody(), Schedule.pollAt(at.plus(Schedule.OVER_KEPT)));
    }

    private Call observedPeople(
            long nextId, Observation observation, Optional<Instant> maybeEmpty, StartPolicy policy) {
        // Who can get more than one token may have been there before the first that is known.
        boolean newcomersAlone =
                evidence.showsNewcomersAlone(observation) && !(policy.usersReturn() && stage == Stage.PROVISIONAL);
        if (newcomersAlone && maybeEmpty.isPresent() && evidence.seen() && stage != Stage.PROVISIONAL) {
            return observedSuccessors(nextId, observation, maybeEmpty.get());
        }
        var known = evidence.withPeople(observation);
        var safe = maybeEmpty.filter(startedAt::isBefore).orElse(startedAt);
        if (newcomersAlone && !evidence.hasSeveralUndecided(observation.askedAt())) {
            // Who is there came by the only token that is undecided: the call cannot have begun earlier.
            return decided(Stage.KNOWN, safe, known, observation);
        }
        if (stage == Stage.START_UNKNOWN || (maybeEmpty.isEmpty() && stage == Stage.KNOWN)) {
            return decided(stage, safe, known, observation);
        }
        if (maybeEmpty.isEmpty() && storedStart != null) {
            return decided(Stage.KNOWN, storedStart, known, observation);
        }
        // Somebody may have been there before the token: those present have to tell since when.
        var stored = stage == Stage.PROVISIONAL ? storedStart : startedAt;
        return new Call(id, Stage.PROVISIONAL, safe, stored, known, schedule)
                .pollingAt(observation.askedAt().plus(Schedule.RETRY_DELAY));
    }

    /** Returns the call after an observation of which the tokens until then are decided. */
    private Call decided(Stage now, Instant start, Evidence known, Observation observation) {
        var askedAt = observation.askedAt();
        return new Call(id, now, start, null, known.decidedUntil(askedAt, start), schedule)
                .pollingAt(askedAt.plus(Schedule.POLL_INTERVAL));
    }

    /**
     * Returns the call after an observation that shows nobody of it, only people with new tokens: as good as one that
     * shows nobody. A second one confirms that another call began.
     */
    private Call observedSuccessors(long nextId, Observation observation, Instant maybeEmpty) {
        var askedAt = observation.askedAt();
        var pending = evidence.pending();
        var begunAt = pending == null || pending.tokenAt() == null ? maybeEmpty : later(pending.tokenAt(), maybeEmpty);
        var first = pending == null ? PendingChange.at(askedAt, begunAt, true) : pending.begunBy(begunAt, true);
        if (!first.isConfirmableBy(observation)) {
            return with(evidence.withoutMembers()).pendingOn(first);
        }
        var known = evidence.withNobody().withPeople(observation);
        return evidence.hasSeveralUndecided(askedAt)
                // Those present can tell whether it began with an earlier one of the tokens.
                ? new Call(
                        nextId,
                        Stage.PROVISIONAL,
                        begunAt,
                        null,
                        known,
                        Schedule.pollAt(askedAt.plus(Schedule.RETRY_DELAY)))
                : successor(nextId, begunAt, known);
    }

    /** Returns the call after a lookup that failed; nothing is learned, but when to try again. */
    Call lookupFailed(Instant now) {
        var soon = now.plus(Schedule.RETRY_DELAY);
        return pollingAt(evidence.pending() != null ? soon : later(schedule.nextPollAt(), soon));
    }

    /** Returns the call after those in it told when they joined, or nobody could tell. */
    Call startLearned(Optional<Joins> joins) {
        if (stage != Stage.PROVISIONAL || (joins.isEmpty() && evidence.pending() != null)) {
            // Where nobody was shown by the latest observation, it has to be seen first who is there to be asked.
            return this;
        }
        var observedAt = evidence.observedAt();
        var nextPollAt = later(schedule.nextPollAt(), observedAt.plus(Schedule.POLL_INTERVAL));
        if (joins.isEmpty()) {
            var now = storedStart != null || evidence.membersCameByTokens() ? Stage.KNOWN : Stage.START_UNKNOWN;
            return new Call(id, now, startedAt, null, evidence.decidedUntil(observedAt, startedAt), schedule)
                    .pollingAt(nextPollAt);
        }
        var told = joins.get();
        var start = evidence.lastUndecided(at -> !at.isAfter(told.askedAt()) && at.isBefore(told.presentSince()))
                .orElse(storedStart != null ? storedStart : told.earliest());
        var known = evidence.decidedUntil(told.askedAt(), start);
        // Of tokens issued since then, those who told say nothing: they may have left.
        var maybeEmpty = known.lastUndecided(at -> !at.isAfter(observedAt));
        return maybeEmpty
                .map(at -> new Call(id, Stage.PROVISIONAL, later(start, at), start, known, schedule))
                // What hindered its end, if the limit is reached, is gone.
                .orElseGet(() -> new Call(id, Stage.KNOWN, start, null, known, Schedule.pollAt(nextPollAt)));
    }

    /** Returns what stands for a call where none is known: one that is over, and to which nobody came. */
    static Call none(long id, Instant now) {
        return new Call(id, Stage.OVER, now, null, Evidence.none(now), Schedule.pollAt(now));
    }

    /** Returns the call after its channel was deleted; a token issued since the last observation begins another. */
    Call ended(long nextId, Instant now) {
        return hasTokenSinceObservation()
                ? successor(nextId, evidence.lastTokenAt(), evidence.withNobody())
                : ended(now);
    }

    /**
     * Returns the call after its channel was deleted because the operator wants it; a token issued since begins another.
     *
     * @param deletedAt when the deletion was sent
     */
    Call endedByOperator(long nextId, Instant deletedAt, Instant now) {
        return evidence.lastTokenAt().isAfter(deletedAt)
                ? successor(nextId, evidence.lastTokenAt(), evidence.withNobody())
                : ended(now);
    }

    private Call ended(Instant now) {
        return new Call(
                id,
                Stage.ENDED,
                startedAt,
                null,
                evidence.withObservedAt(now).withNobody().decidedUntil(now, startedAt),
                Schedule.pollAt(now.plus(Schedule.KEEP_ENDED_INTERVAL)));
    }

    /** Returns the call after an attempt to end it failed. */
    Call endFailed(Instant now) {
        return with(schedule.afterFailedEnd(now));
    }

    /** Returns the call with another time for the next observation. */
    Call pollingAt(Instant at) {
        return with(schedule.withNextPollAt(at));
    }

    /** Returns the call that is awaited in place of one that an observation proved to be over: nobody has come to it yet. */
    Call awaited(long nextId, Instant startsAt, Instant emptyAt) {
        return successor(
                nextId,
                startsAt,
                evidence.withObservedAt(emptyAt).withNobody().withLimits(evidence.limitsCarriedTo(startsAt)));
    }

    private Call with(Evidence known) {
        return new Call(id, stage, startedAt, storedStart, known, schedule);
    }

    private Call with(Schedule next) {
        return new Call(id, stage, startedAt, storedStart, evidence, next);
    }

    /** Returns the call with a change that a second observation has to confirm, as soon as that counts. */
    private Call pendingOn(PendingChange change) {
        return with(evidence.withPending(change)).pollingAt(change.confirmableAt());
    }

    /** Returns the later call in the same channel that began with a token. */
    private static Call successor(long nextId, Instant tokenAt, Evidence known) {
        var nextPollAt = later(
                known.observedAt().plus(Observation.CONFIRMATION_GAP),
                known.lastTokenAt().plus(Schedule.JOIN_GRACE));
        return new Call(
                nextId, Stage.KNOWN, tokenAt, null, known.decidedUntil(tokenAt, tokenAt), Schedule.pollAt(nextPollAt));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
