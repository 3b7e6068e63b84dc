package alirtc.appserver.call;

import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call in a channel, as far as it is known at one moment, and how it changes by evidence: tokens issued, looks at its
 * channel, its end at a time limit. Immutable; all times are by the steady clock.
 *
 * <p>A single look that shows nobody proves nothing: the upstream has answered so while people were talking. Only two,
 * {@link #GAP} apart, that agree do.
 *
 * @param channel where it takes place
 * @param id tells it from earlier and later calls in its channel
 * @param stage how sure its start is, and whether it was ended
 * @param startedAt when it began, or from when its time counts
 * @param lastTokenAt when the latest token for its channel was issued
 * @param lookedAt when the latest look that counted was asked for
 * @param nextLookAt when to look next
 * @param seen whether people have been seen in it
 * @param doubt a look that showed nobody, not yet confirmed or refuted by a second
 * @param tickets users given a token that no look has answered for yet, the latest few
 * @param retry the next attempt to end it, if one failed
 * @param seats who sits in its channel; none unless seats are counted
 */
record Call(
        ChannelId channel,
        long id,
        Stage stage,
        Instant startedAt,
        Instant lastTokenAt,
        Instant lookedAt,
        Instant nextLookAt,
        boolean seen,
        @Nullable Doubt doubt,
        List<Ticket> tickets,
        @Nullable Retry retry,
        Seats seats) {

    /** How far apart two looks have to be for their agreement to count. */
    static final Duration GAP = Duration.ofSeconds(3);

    /** How long a phone may take from its token to its channel; a look before that says nothing of a call's end. */
    static final Duration JOINING = Duration.ofSeconds(30);

    /** How often a channel is looked at when nothing is doubtful. */
    static final Duration ROUND = Duration.ofSeconds(30);

    /** How soon a look that failed, or did not tell enough, is repeated. */
    static final Duration AGAIN = Duration.ofSeconds(5);

    /** How often the channel of a call that was ended is looked at for people who came back. */
    static final Duration GUARD_ROUND = Duration.ofSeconds(10);

    /** How many of the latest tokens are remembered. */
    static final int MOST_TICKETS = 8;

    private static final Duration POSTPONED = Duration.ofMillis(500);

    /** How sure a call's start is, and whether it was ended. */
    enum Stage {
        /** Nobody could say yet whether the channel was empty at its first token: it may have begun before. */
        UNCHECKED,
        /** Its start is known. */
        KNOWN,
        /** It began before we knew of it, and nobody can tell when; the time limit counts from when it was found. */
        UNTOLD,
        /** It was ended at its limit; its channel is guarded while tokens for it are good. */
        ENDED
    }

    /**
     * A look that showed nobody.
     *
     * @param emptyAt when it was asked for
     * @param tokenAt the token with which a new call begins if a second look agrees; none if the call would be over
     * @param peopled whether people of that new call have been seen
     */
    record Doubt(Instant emptyAt, @Nullable Instant tokenAt, boolean peopled) {
        Instant settledAt() {
            return emptyAt.plus(GAP);
        }
    }

    /**
     * A token that was given out.
     *
     * @param user whom it admits
     * @param issuedAt when
     */
    record Ticket(String user, Instant issuedAt) {}

    /**
     * Another attempt to end the call.
     *
     * @param failures how many failed in a row
     * @param at when the next is due
     */
    record Retry(int failures, Instant at) {}

    /** Returns the call that a token begins in a channel of which nothing is known. */
    static Call begun(ChannelId channel, long id, UserId user, Instant at) {
        var tickets = List.of(new Ticket(user.value(), at));
        return new Call(
                channel, id, Stage.UNCHECKED, at, at, at, at.plus(AGAIN), false, null, tickets, null, Seats.NONE);
    }

    /** Returns a call that was found in progress, its start told by those in it if anybody can tell. */
    static Call found(ChannelId channel, long id, Optional<Instant> earliestJoin, Instant now) {
        var stage = stageOf(earliestJoin);
        var startedAt = earliestJoin.orElse(now);
        return new Call(
                channel, id, stage, startedAt, now, now, now.plus(ROUND), true, null, List.of(), null, Seats.NONE);
    }

    private static Stage stageOf(Optional<Instant> earliestJoin) {
        return earliestJoin.isPresent() ? Stage.KNOWN : Stage.UNTOLD;
    }

    /** Returns whether a new call may have begun in its place, which a second look has to tell. */
    boolean mayBeSucceeded() {
        return doubt != null && doubt.tokenAt != null;
    }

    /** Returns whether a token was issued since its channel was last looked at. */
    boolean hasTokenSinceLook() {
        return lastTokenAt.isAfter(lookedAt);
    }

    /** Returns when something has to be done about it: a look, or its end at the limit. */
    Instant dueAt(Optional<Duration> limit) {
        return urgentAt(limit).filter(at -> at.isBefore(nextLookAt)).orElse(nextLookAt);
    }

    /** Returns when what a time limit asks for has to be done: its end, or the look on which that depends. */
    Optional<Instant> urgentAt(Optional<Duration> limit) {
        return stage == Stage.ENDED
                ? Optional.empty()
                : limit.map(longest -> mayBeSucceeded() ? nextLookAt : endDueAt(longest));
    }

    /** Returns when it has to be ended, or when to try that again. */
    Instant endDueAt(Duration limit) {
        return retry != null ? retry.at : startedAt.plus(limit);
    }

    /** Returns the call after one more token; the token of an ended call begins another. */
    Call issued(long nextId, UserId user, Instant at) {
        var next = new Draft(this);
        next.lastTokenAt = at;
        var more = new ArrayList<>(tickets.size() < MOST_TICKETS ? tickets : tickets.subList(1, MOST_TICKETS));
        more.add(new Ticket(user.value(), at));
        next.tickets = List.copyOf(more);
        return stage == Stage.ENDED ? next.successor(nextId, at, false) : next.call();
    }

    /** Returns the call after a look: this one or a later one in its channel; nothing if it is over. */
    Optional<Call> looked(long nextId, Look look) {
        if (look.askedAt().isBefore(lookedAt)) {
            return Optional.of(this);
        }
        var next = new Draft(this);
        next.lookedAt = look.askedAt();
        if (stage == Stage.ENDED) {
            next.nextLookAt = look.askedAt().plus(GUARD_ROUND);
            return Optional.of(next.call());
        }
        return look.users().isEmpty() ? nobody(next, nextId, look) : Optional.of(people(next, nextId, look));
    }

    private Optional<Call> nobody(Draft next, long nextId, Look look) {
        var askedAt = look.askedAt();
        var tokenAt =
                look.tokenAt().or(() -> askedAt.isBefore(lastTokenAt) ? Optional.empty() : Optional.of(lastTokenAt));
        if (!seen && tokenAt.isPresent()) {
            // While nobody comes, the call begins anew with each token.
            next.stage = Stage.KNOWN;
            next.startedAt = later(startedAt, tokenAt.get());
            next.dropTicketsUntil(tokenAt.get());
            return countTowardsEnd(next, askedAt);
        }
        if (doubt != null && doubt.tokenAt != null) {
            boolean settled = !askedAt.isBefore(doubt.settledAt());
            if (doubt.peopled) {
                // The new call did begin. That nobody is there now is a first look at its own end.
                next.doubt(doubt);
                return settled
                        ? next.successor(nextId, doubt.tokenAt, true).looked(nextId, look)
                        : Optional.of(next.call());
            }
            var begunAt = later(doubt.tokenAt, look.tokenAt().orElse(doubt.tokenAt));
            if (settled) {
                return Optional.of(next.successor(nextId, begunAt, false));
            }
            next.doubt(new Doubt(doubt.emptyAt, begunAt, false));
            return Optional.of(next.call());
        }
        if (look.tokenAt().isEmpty()) {
            return countTowardsEnd(next, askedAt);
        }
        if (doubt != null && !askedAt.isBefore(doubt.settledAt())) {
            return Optional.of(next.successor(nextId, look.tokenAt().get(), false));
        }
        next.doubt(new Doubt(askedAt, look.tokenAt().get(), false));
        return Optional.of(next.call());
    }

    private Optional<Call> countTowardsEnd(Draft next, Instant askedAt) {
        var countsFrom = lastTokenAt.plus(JOINING);
        if (askedAt.isBefore(countsFrom)) {
            next.nextLookAt = countsFrom;
            return Optional.of(next.call());
        }
        var first = doubt != null && doubt.emptyAt.isAfter(lastTokenAt) ? doubt : new Doubt(askedAt, null, false);
        if (!askedAt.isBefore(first.settledAt())) {
            return Optional.empty();
        }
        next.doubt(first);
        return Optional.of(next.call());
    }

    private Call people(Draft next, long nextId, Look look) {
        var newcomersSince = newcomersSince(look.users().everyone());
        if (stage != Stage.UNCHECKED && seen && newcomersSince.isPresent()) {
            // Nobody of this call is there, only people with new tokens: as good as a look that shows nobody.
            var emptyAt = doubt == null ? look.askedAt() : doubt.emptyAt;
            var tokenAt = doubt == null || doubt.tokenAt == null ? newcomersSince.get() : doubt.tokenAt;
            var first = new Doubt(emptyAt, tokenAt, true);
            if (!look.askedAt().isBefore(first.settledAt())) {
                return next.successor(nextId, tokenAt, true);
            }
            next.doubt(first);
            return next.call();
        }
        next.seen = true;
        next.doubt = null;
        if (stage == Stage.UNCHECKED && newcomersSince.isEmpty()) {
            // Somebody was there before the first token: those present have to tell since when.
            next.nextLookAt = look.askedAt().plus(AGAIN);
            return next.call();
        }
        next.stage = stage == Stage.UNCHECKED ? Stage.KNOWN : stage;
        next.nextLookAt = look.askedAt().plus(ROUND);
        next.dropTicketsUntil(look.tokenAt().orElse(look.askedAt()));
        return next.call();
    }

    /**
     * Returns the call as it is where a user can get more than one token: who is there with a new token may have been
     * there all the time, unless a look showed nobody.
     */
    Call withoutNewcomers() {
        if (doubt != null || tickets.isEmpty()) {
            return this;
        }
        var next = new Draft(this);
        next.tickets = List.of();
        return next.call();
    }

    /** Returns the call after a look that failed; nothing is learnt, but when to try again. */
    Call lookFailed(Instant now) {
        var next = new Draft(this);
        next.nextLookAt = later(nextLookAt, now.plus(AGAIN));
        if (stage != Stage.UNCHECKED && !mayBeSucceeded()) {
            // Their users may have joined this very call: they are no sign of a new one any more.
            next.dropTicketsUntil(now);
        }
        return next.call();
    }

    /** Returns the call after those in it told when the first of them joined, or nobody could tell. */
    Call told(Optional<Instant> earliestJoin) {
        if (stage != Stage.UNCHECKED) {
            return this;
        }
        var next = new Draft(this);
        next.stage = stageOf(earliestJoin);
        next.startedAt = earliestJoin.filter(startedAt::isAfter).orElse(startedAt);
        next.tickets = List.of();
        next.nextLookAt = later(nextLookAt, lookedAt.plus(ROUND));
        return next.call();
    }

    /** Returns the call after its channel was deleted; a token issued since the last look begins another. */
    Call ended(long nextId, Instant now) {
        var next = new Draft(this);
        if (hasTokenSinceLook()) {
            return next.successor(nextId, lastTokenAt, false);
        }
        next.stage = Stage.ENDED;
        next.nextLookAt = now.plus(GUARD_ROUND);
        next.tickets = List.of();
        next.doubt = null;
        next.retry = null;
        return next.call();
    }

    /** Returns the call after an attempt to end it failed; pauses grow from one second to sixteen. */
    Call endFailed(Instant now) {
        int failures = retry == null ? 1 : retry.failures + 1;
        var next = new Draft(this);
        next.retry = new Retry(failures, now.plusSeconds(1L << Math.min(failures - 1, 4)));
        return next.call();
    }

    /** Returns the call after there was no time to end it now. */
    Call endPostponed(Instant now) {
        var next = new Draft(this);
        next.retry = new Retry(retry == null ? 0 : retry.failures, now.plus(POSTPONED));
        return next.call();
    }

    /** Returns the call with other seats in its channel, and another time for the next look. */
    Call with(Seats other, Instant nextLook) {
        var next = new Draft(this);
        next.seats = other;
        next.nextLookAt = nextLook;
        return next.call();
    }

    /** Returns the call that is awaited in place of one that a look proved to be over: nobody has come to it yet. */
    Call awaited(long nextId, Instant startsAt, Instant emptyAt) {
        var next = new Draft(this);
        next.lookedAt = emptyAt;
        return next.successor(nextId, startsAt, false);
    }

    /** Returns when the first of them got its token, if each got one that no look has answered for yet. */
    private Optional<Instant> newcomersSince(Set<String> users) {
        var theirs =
                tickets.stream().filter(ticket -> users.contains(ticket.user())).toList();
        return theirs.stream().map(Ticket::user).distinct().count() == users.size()
                ? theirs.stream().map(Ticket::issuedAt).min(Instant::compareTo)
                : Optional.empty();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** The next state of a call while it is being put together. */
    private static final class Draft {
        private final ChannelId channel;
        private final long id;
        private Stage stage;
        private Instant startedAt;
        private Instant lastTokenAt;
        private Instant lookedAt;
        private Instant nextLookAt;
        private boolean seen;
        private @Nullable Doubt doubt;
        private List<Ticket> tickets;
        private @Nullable Retry retry;
        private Seats seats;

        Draft(Call call) {
            channel = call.channel;
            id = call.id;
            stage = call.stage;
            startedAt = call.startedAt;
            lastTokenAt = call.lastTokenAt;
            lookedAt = call.lookedAt;
            nextLookAt = call.nextLookAt;
            seen = call.seen;
            doubt = call.doubt;
            tickets = call.tickets;
            retry = call.retry;
            seats = call.seats;
        }

        /** Takes note of a doubt, and of when a second look can settle it. */
        void doubt(Doubt first) {
            doubt = first;
            nextLookAt = first.settledAt();
        }

        void dropTicketsUntil(Instant at) {
            tickets = tickets.stream()
                    .filter(ticket -> ticket.issuedAt().isAfter(at))
                    .toList();
        }

        Call call() {
            return new Call(
                    channel,
                    id,
                    stage,
                    startedAt,
                    lastTokenAt,
                    lookedAt,
                    nextLookAt,
                    seen,
                    doubt,
                    tickets,
                    retry,
                    seats);
        }

        /** Returns the later call in the same channel that began with a token. */
        Call successor(long nextId, Instant tokenAt, boolean seenAlready) {
            dropTicketsUntil(tokenAt);
            var nextLook = later(lookedAt.plus(GAP), lastTokenAt.plus(JOINING));
            return new Call(
                    channel,
                    nextId,
                    Stage.KNOWN,
                    tokenAt,
                    lastTokenAt,
                    lookedAt,
                    nextLook,
                    seenAlready,
                    null,
                    tickets,
                    null,
                    seats);
        }
    }
}
