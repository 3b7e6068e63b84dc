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
 * {@link #CONFIRMATION_GAP} apart, that agree do.
 *
 * @param channel where it takes place
 * @param id tells it from earlier and later calls in its channel
 * @param stage how sure its start is, and whether it was ended
 * @param startedAt when it began, or from when its time counts
 * @param lastTokenAt when the latest token for its channel was issued
 * @param observedAt when the latest look that counted was asked for
 * @param nextPollAt when to observation next
 * @param seen whether people have been seen in it
 * @param pending a look that showed nobody, not yet confirmed or refuted by a second
 * @param tickets users given a token that no look has answered for yet, the latest few
 * @param retry the next attempt to end it, if one failed
 * @param seats who sits in its channel; none unless seats are counted
 */
public record Call(
        ChannelId channel,
        long id,
        Stage stage,
        Instant startedAt,
        Instant lastTokenAt,
        Instant observedAt,
        Instant nextPollAt,
        boolean seen,
        @Nullable PendingChange pending,
        List<Ticket> tickets,
        @Nullable Retry retry,
        Seats seats) {

    /** How far apart two looks have to be for their agreement to count. */
    public static final Duration CONFIRMATION_GAP = Duration.ofSeconds(3);

    /** How long a phone may take from its token to its channel; a look before that says nothing of a call's end. */
    public static final Duration JOIN_GRACE = Duration.ofSeconds(30);

    /** How often a channel is looked at when nothing is doubtful. */
    public static final Duration POLL_INTERVAL = Duration.ofSeconds(30);

    /** How soon a look that failed, or did not tell enough, is repeated. */
    public static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    /** How often the channel of a call that was ended is looked at for people who came back. */
    public static final Duration KEEP_ENDED_INTERVAL = Duration.ofSeconds(10);

    /** How many of the latest tokens are remembered. */
    public static final int MAX_TICKETS = 8;

    private static final Duration POSTPONEMENT = Duration.ofMillis(500);

    /** How sure a call's start is, and whether it was ended. */
    public enum Stage {
        /** Nobody could say yet whether the channel was empty at its first token: it may have begun before. */
        PROVISIONAL,
        /** Its start is known. */
        KNOWN,
        /** It began before we knew of it, and nobody can tell when; the time limit counts from when it was found. */
        START_UNKNOWN,
        /** It was ended at its limit; its channel is guarded while tokens for it are good. */
        ENDED
    }

    /**
     * A look that showed nobody.
     *
     * @param emptyAt when it was asked for
     * @param tokenAt the token with which a new call begins if a second observation agrees; none if the call would be over
     * @param occupied whether people of that new call have been seen
     */
    public record PendingChange(Instant emptyAt, @Nullable Instant tokenAt, boolean occupied) {
        Instant confirmableAt() {
            return emptyAt.plus(CONFIRMATION_GAP);
        }
    }

    /**
     * A token that was given out.
     *
     * @param user whom it admits
     * @param issuedAt when
     */
    public record Ticket(String user, Instant issuedAt) {}

    /**
     * Another attempt to end the call.
     *
     * @param failures how many failed in a row
     * @param at when the next is due
     */
    public record Retry(int failures, Instant at) {}

    /** Returns the call that a token begins in a channel of which nothing is known. */
    public static Call begun(ChannelId channel, long id, UserId user, Instant at) {
        var tickets = List.of(new Ticket(user.value(), at));
        return new Call(
                channel,
                id,
                Stage.PROVISIONAL,
                at,
                at,
                at,
                at.plus(RETRY_DELAY),
                false,
                null,
                tickets,
                null,
                Seats.NONE);
    }

    /** Returns a call that was found in progress, its start told by those in it if anybody can tell. */
    public static Call found(ChannelId channel, long id, Optional<Instant> earliestJoin, Instant now) {
        var stage = stageOf(earliestJoin);
        var startedAt = earliestJoin.orElse(now);
        return new Call(
                channel,
                id,
                stage,
                startedAt,
                now,
                now,
                now.plus(POLL_INTERVAL),
                true,
                null,
                List.of(),
                null,
                Seats.NONE);
    }

    private static Stage stageOf(Optional<Instant> earliestJoin) {
        return earliestJoin.isPresent() ? Stage.KNOWN : Stage.START_UNKNOWN;
    }

    /** Returns whether a new call may have begun in its place, which a second look has to tell. */
    public boolean mayBeSuperseded() {
        return pending != null && pending.tokenAt != null;
    }

    /** Returns whether a token was issued since its channel was last looked at. */
    public boolean hasTokenSinceLook() {
        return lastTokenAt.isAfter(observedAt);
    }

    /** Returns when something has to be done about it: a observation, or its end at the limit. */
    public Instant dueAt(Optional<Duration> limit) {
        return urgentAt(limit).filter(at -> at.isBefore(nextPollAt)).orElse(nextPollAt);
    }

    /** Returns when what a time limit asks for has to be done: its end, or the look on which that depends. */
    public Optional<Instant> urgentAt(Optional<Duration> limit) {
        return stage == Stage.ENDED
                ? Optional.empty()
                : limit.map(longest -> mayBeSuperseded() ? nextPollAt : endDueAt(longest));
    }

    /** Returns when it has to be ended, or when to try that again. */
    public Instant endDueAt(Duration limit) {
        return retry != null ? retry.at : startedAt.plus(limit);
    }

    /** Returns the call after one more token; the token of an ended call begins another. */
    public Call tokenIssued(long nextId, UserId user, Instant at) {
        var next = new Draft(this);
        next.lastTokenAt = at;
        var more = new ArrayList<>(tickets.size() < MAX_TICKETS ? tickets : tickets.subList(1, MAX_TICKETS));
        more.add(new Ticket(user.value(), at));
        next.tickets = List.copyOf(more);
        return stage == Stage.ENDED ? next.successor(nextId, at, false) : next.call();
    }

    /** Returns the call after a observation: this one or a later one in its channel; nothing if it is over. */
    public Optional<Call> observed(long nextId, Observation observation) {
        if (observation.askedAt().isBefore(observedAt)) {
            return Optional.of(this);
        }
        var next = new Draft(this);
        next.observedAt = observation.askedAt();
        if (stage == Stage.ENDED) {
            next.nextPollAt = observation.askedAt().plus(KEEP_ENDED_INTERVAL);
            return Optional.of(next.call());
        }
        return observation.users().isEmpty()
                ? nobody(next, nextId, observation)
                : Optional.of(people(next, nextId, observation));
    }

    private Optional<Call> nobody(Draft next, long nextId, Observation observation) {
        var askedAt = observation.askedAt();
        var tokenAt = observation
                .tokenAt()
                .or(() -> askedAt.isBefore(lastTokenAt) ? Optional.empty() : Optional.of(lastTokenAt));
        if (!seen && tokenAt.isPresent()) {
            // While nobody comes, the call begins anew with each token.
            next.stage = Stage.KNOWN;
            next.startedAt = later(startedAt, tokenAt.get());
            next.dropTicketsUntil(tokenAt.get());
            return countTowardsEnd(next, askedAt);
        }
        if (pending != null && pending.tokenAt != null) {
            boolean settled = !askedAt.isBefore(pending.confirmableAt());
            if (pending.occupied) {
                // The new call did begin. That nobody is there now is a first look at its own end.
                next.pending(pending);
                return settled
                        ? next.successor(nextId, pending.tokenAt, true).observed(nextId, observation)
                        : Optional.of(next.call());
            }
            var begunAt = later(pending.tokenAt, observation.tokenAt().orElse(pending.tokenAt));
            if (settled) {
                return Optional.of(next.successor(nextId, begunAt, false));
            }
            next.pending(new PendingChange(pending.emptyAt, begunAt, false));
            return Optional.of(next.call());
        }
        if (observation.tokenAt().isEmpty()) {
            return countTowardsEnd(next, askedAt);
        }
        if (pending != null && !askedAt.isBefore(pending.confirmableAt())) {
            return Optional.of(next.successor(nextId, observation.tokenAt().get(), false));
        }
        next.pending(new PendingChange(askedAt, observation.tokenAt().get(), false));
        return Optional.of(next.call());
    }

    private Optional<Call> countTowardsEnd(Draft next, Instant askedAt) {
        var countsFrom = lastTokenAt.plus(JOIN_GRACE);
        if (askedAt.isBefore(countsFrom)) {
            next.nextPollAt = countsFrom;
            return Optional.of(next.call());
        }
        var first = pending != null && pending.emptyAt.isAfter(lastTokenAt)
                ? pending
                : new PendingChange(askedAt, null, false);
        if (!askedAt.isBefore(first.confirmableAt())) {
            return Optional.empty();
        }
        next.pending(first);
        return Optional.of(next.call());
    }

    private Call people(Draft next, long nextId, Observation observation) {
        var newcomersSince = newcomersSince(observation.users().everyone());
        if (stage != Stage.PROVISIONAL && seen && newcomersSince.isPresent()) {
            // Nobody of this call is there, only people with new tokens: as good as a look that shows nobody.
            var emptyAt = pending == null ? observation.askedAt() : pending.emptyAt;
            var tokenAt = pending == null || pending.tokenAt == null ? newcomersSince.get() : pending.tokenAt;
            var first = new PendingChange(emptyAt, tokenAt, true);
            if (!observation.askedAt().isBefore(first.confirmableAt())) {
                return next.successor(nextId, tokenAt, true);
            }
            next.pending(first);
            return next.call();
        }
        next.seen = true;
        next.pending = null;
        if (stage == Stage.PROVISIONAL && newcomersSince.isEmpty()) {
            // Somebody was there before the first token: those present have to tell since when.
            next.nextPollAt = observation.askedAt().plus(RETRY_DELAY);
            return next.call();
        }
        next.stage = stage == Stage.PROVISIONAL ? Stage.KNOWN : stage;
        next.nextPollAt = observation.askedAt().plus(POLL_INTERVAL);
        next.dropTicketsUntil(observation.tokenAt().orElse(observation.askedAt()));
        return next.call();
    }

    /**
     * Returns the call as it is where a user can get more than one token: who is there with a new token may have been
     * there all the time, unless a look showed nobody.
     */
    public Call withoutNewcomers() {
        if (pending != null || tickets.isEmpty()) {
            return this;
        }
        var next = new Draft(this);
        next.tickets = List.of();
        return next.call();
    }

    /** Returns the call after a look that failed; nothing is learnt, but when to try again. */
    public Call lookupFailed(Instant now) {
        var next = new Draft(this);
        next.nextPollAt = later(nextPollAt, now.plus(RETRY_DELAY));
        if (stage != Stage.PROVISIONAL && !mayBeSuperseded()) {
            // Their users may have joined this very call: they are no sign of a new one any more.
            next.dropTicketsUntil(now);
        }
        return next.call();
    }

    /** Returns the call after those in it told when the first of them joined, or nobody could tell. */
    public Call startLearned(Optional<Instant> earliestJoin) {
        if (stage != Stage.PROVISIONAL) {
            return this;
        }
        var next = new Draft(this);
        next.stage = stageOf(earliestJoin);
        next.startedAt = earliestJoin.filter(startedAt::isAfter).orElse(startedAt);
        next.tickets = List.of();
        next.nextPollAt = later(nextPollAt, observedAt.plus(POLL_INTERVAL));
        return next.call();
    }

    /** Returns the call after its channel was deleted; a token issued since the last observation begins another. */
    public Call ended(long nextId, Instant now) {
        var next = new Draft(this);
        if (hasTokenSinceLook()) {
            return next.successor(nextId, lastTokenAt, false);
        }
        next.stage = Stage.ENDED;
        next.nextPollAt = now.plus(KEEP_ENDED_INTERVAL);
        next.tickets = List.of();
        next.pending = null;
        next.retry = null;
        return next.call();
    }

    /** Returns the call after an attempt to end it failed; pauses grow from one second to sixteen. */
    public Call endFailed(Instant now) {
        int failures = retry == null ? 1 : retry.failures + 1;
        var next = new Draft(this);
        next.retry = new Retry(failures, now.plusSeconds(1L << Math.min(failures - 1, 4)));
        return next.call();
    }

    /** Returns the call after there was no time to end it now. */
    public Call endPostponed(Instant now) {
        var next = new Draft(this);
        next.retry = new Retry(retry == null ? 0 : retry.failures, now.plus(POSTPONEMENT));
        return next.call();
    }

    /** Returns the call with other seats in its channel, and another time for the next observation. */
    public Call with(Seats other, Instant nextLook) {
        var next = new Draft(this);
        next.seats = other;
        next.nextPollAt = nextLook;
        return next.call();
    }

    /** Returns the call that is awaited in place of one that a look proved to be over: nobody has come to it yet. */
    public Call awaited(long nextId, Instant startsAt, Instant emptyAt) {
        var next = new Draft(this);
        next.observedAt = emptyAt;
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
        private Instant observedAt;
        private Instant nextPollAt;
        private boolean seen;
        private @Nullable PendingChange pending;
        private List<Ticket> tickets;
        private @Nullable Retry retry;
        private Seats seats;

        Draft(Call call) {
            channel = call.channel;
            id = call.id;
            stage = call.stage;
            startedAt = call.startedAt;
            lastTokenAt = call.lastTokenAt;
            observedAt = call.observedAt;
            nextPollAt = call.nextPollAt;
            seen = call.seen;
            pending = call.pending;
            tickets = call.tickets;
            retry = call.retry;
            seats = call.seats;
        }

        /** Takes note of a pending, and of when a second look can settle it. */
        void pending(PendingChange first) {
            pending = first;
            nextPollAt = first.confirmableAt();
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
                    observedAt,
                    nextPollAt,
                    seen,
                    pending,
                    tickets,
                    retry,
                    seats);
        }

        /** Returns the later call in the same channel that began with a token. */
        Call successor(long nextId, Instant tokenAt, boolean seenAlready) {
            dropTicketsUntil(tokenAt);
            var nextLook = later(observedAt.plus(CONFIRMATION_GAP), lastTokenAt.plus(JOIN_GRACE));
            return new Call(
                    channel,
                    nextId,
                    Stage.KNOWN,
                    tokenAt,
                    lastTokenAt,
                    observedAt,
                    nextLook,
                    seenAlready,
                    null,
                    tickets,
                    null,
                    seats);
        }
    }
}
