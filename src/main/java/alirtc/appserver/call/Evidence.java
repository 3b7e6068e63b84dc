package alirtc.appserver.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call: the tokens issued for its channel and what its observations showed. Immutable; all times are
 * by the steady clock.
 *
 * <p>Each token asks whether the channel was empty when it was issued: if so, the call begins with it. Until that is
 * decided the token is kept, and the latest of those undecided is the earliest start that is safe to tell.
 *
 * @param lastTokenAt when the latest token for its channel was issued
 * @param observedAt when the latest observation that counted was asked for
 * @param seen whether people have been seen in the call
 * @param members who of the call was shown by the latest observation; the first {@value #MAX_MEMBERS}
 * @param pending an observation that a second one has to confirm or refute, if there is one
 * @param tickets the tokens that are undecided, the latest {@value #MAX_TICKETS} of them, the earliest first
 * @param dropped the undecided tokens that are not among the tickets, if there are any
 * @param limits how long the decided tokens let the call last, if any of them limits it
 * @param company whether one is left alone in the call, if two were seen in it at once and that matters
 */
public record Evidence(
        Instant lastTokenAt,
        Instant observedAt,
        boolean seen,
        List<String> members,
        @Nullable PendingChange pending,
        List<Ticket> tickets,
        @Nullable Dropped dropped,
        @Nullable TokenLimits limits,
        @Nullable Company company) {

    /** How many of the latest undecided tokens are kept one by one. */
    public static final int MAX_TICKETS = 8;

    /** How many of those in a channel are remembered. */
    public static final int MAX_MEMBERS = 4;

    /**
     * A token that was issued.
     *
     * @param user whom it admits
     * @param issuedAt when
     * @param limit how long it lets its call last; as long as the operator does, if null
     */
    public record Ticket(
            String user, Instant issuedAt, @Nullable Duration limit) {

        boolean isOf(String other, Instant at) {
            return user.equals(other) && issuedAt.equals(at);
        }
    }

    /**
     * Undecided tokens that are not kept one by one.
     *
     * @param first when the earliest of them was issued
     * @param last when the latest of them was issued
     * @param least the least of their limits, if any has one
     * @param lastLimit that of the latest of them, if it has one
     */
    public record Dropped(
            Instant first,
            Instant last,
            @Nullable Duration least,
            @Nullable Duration lastLimit) {

        static Dropped of(Ticket token) {
            return new Dropped(token.issuedAt(), token.issuedAt(), token.limit(), token.limit());
        }

        Dropped with(Ticket token) {
            var at = token.issuedAt();
            var all = TokenLimits.lesser(least, token.limit());
            return at.isBefore(last)
                    ? new Dropped(at.isBefore(first) ? at : first, last, all, lastLimit)
                    : new Dropped(first, at, all, token.limit());
        }
    }

    /**
     * An observation that showed nobody of the call, or an event that nobody is left, and waits for a second one.
     *
     * @param emptyAt when it was asked for, or the event came
     * @param confirmableAt from when on a second one counts: after an event, at once
     * @param tokenAt the token with which a new call begins if a second one agrees; none if the call would be over
     * @param occupied whether people of that new call have been seen
     */
    public record PendingChange(
            Instant emptyAt,
            Instant confirmableAt,
            @Nullable Instant tokenAt,
            boolean occupied) {

        /** Returns a change that an observation suggests, to be confirmed after the gap. */
        static PendingChange at(Instant emptyAt, @Nullable Instant tokenAt, boolean occupied) {
            return new PendingChange(emptyAt, emptyAt.plus(Observation.CONFIRMATION_GAP), tokenAt, occupied);
        }

        /** Returns the change with another token with which the new call begins. */
        PendingChange begunBy(Instant token, boolean byPeople) {
            return new PendingChange(emptyAt, confirmableAt, token, byPeople);
        }

        /** Returns the change after people were shown: the new call did not begin with a token until then. */
        PendingChange notBegunUntil(Instant at) {
            return tokenAt == null || tokenAt.isAfter(at)
                    ? this
                    : new PendingChange(emptyAt, confirmableAt, null, false);
        }

        /** Returns whether it was an event that told it. */
        public boolean isByEvent() {
            return confirmableAt.equals(emptyAt);
        }

        boolean isConfirmableBy(Observation observation) {
            return !observation.askedAt().isBefore(confirmableAt);
        }

        /** Returns whether another call may have begun. */
        boolean isSuccession() {
            return tokenAt != null;
        }
    }

    /** Copies the lists in. */
    public Evidence {
        members = List.copyOf(members);
        tickets = List.copyOf(tickets);
    }

    /** Returns what a first token tells. */
    static Evidence ofToken(Ticket token) {
        var at = token.issuedAt();
        return new Evidence(at, at.minusNanos(1), false, List.of(), null, List.of(token), null, null, null);
    }

    /** Returns what is known where there is no call: a token that nobody knows of may be as young as this. */
    static Evidence none(Instant now) {
        return new Evidence(now, now.minusNanos(1), false, List.of(), null, List.of(), null, null, null);
    }

    /** Returns what is known of a call that was found in progress. */
    static Evidence ofPeople(Set<String> users, Instant now) {
        return new Evidence(now, now, true, first(users), null, List.of(), null, null, null);
    }

    private static List<String> first(Set<String> users) {
        return users.stream().limit(MAX_MEMBERS).toList();
    }

    Evidence withToken(Ticket token) {
        var latest = new ArrayList<Ticket>(MAX_TICKETS + 1);
        latest.addAll(tickets);
        latest.add(token);
        if (token.issuedAt().isBefore(lastTokenAt)) {
            // Servers that share a registry may record tokens in another order than that of their issue.
            latest.sort(Comparator.comparing(Ticket::issuedAt));
        }
        var gone = dropped;
        if (tickets.size() >= MAX_TICKETS) {
            var oldest = latest.remove(0);
            gone = dropped == null ? Dropped.of(oldest) : dropped.with(oldest);
        }
        return new Evidence(
                later(lastTokenAt, token.issuedAt()),
                observedAt,
                seen,
                members,
                pending,
                latest,
                gone,
                limits,
                company);
    }

    Evidence withObservedAt(Instant at) {
        return new Evidence(lastTokenAt, at, seen, members, pending, tickets, dropped, limits, company);
    }

    Evidence withPending(PendingChange change) {
        return new Evidence(lastTokenAt, observedAt, seen, members, change, tickets, dropped, limits, company);
    }

    /** Returns the evidence after people of this call were shown; that nobody is left can be told since. */
    Evidence withPeople(Observation observation) {
        var askedAt = observation.askedAt();
        var later = pending != null && pending.emptyAt().isAfter(askedAt) ? pending.notBegunUntil(askedAt) : null;
        var shown = first(observation.users().everyone());
        return new Evidence(lastTokenAt, observedAt, true, shown, later, tickets, dropped, limits, company);
    }

    /** Returns the evidence after nobody of the call was shown. */
    Evidence withoutMembers() {
        return members.isEmpty()
                ? this
                : new Evidence(lastTokenAt, observedAt, seen, List.of(), pending, tickets, dropped, limits, company);
    }

    /** Returns the evidence of a later call in the channel, of which nobody was shown yet. */
    Evidence withNobody() {
        return new Evidence(lastTokenAt, observedAt, false, List.of(), null, tickets, dropped, limits, null);
    }

    Evidence withSeen() {
        return new Evidence(lastTokenAt, observedAt, true, members, pending, tickets, dropped, limits, company);
    }

    /**
     * Returns the evidence without the tokens up to a time: for these it is decided whether the channel was empty.
     *
     * @param start when the call began, as far as is known now
     */
    Evidence decidedUntil(Instant at, Instant start) {
        if (dropped == null && (tickets.isEmpty() || tickets.get(0).issuedAt().isAfter(at))) {
            return this;
        }
        var later =
                tickets.stream().filter(ticket -> ticket.issuedAt().isAfter(at)).toList();
        var left = dropped != null && dropped.last().isAfter(at) ? dropped : null;
        var decided = tickets.stream()
                .filter(ticket -> !ticket.issuedAt().isAfter(at))
                .toList();
        var gone = left == null ? dropped : null;
        var known = TokenLimits.decided(limits, decided, gone, start);
        return new Evidence(lastTokenAt, observedAt, seen, members, pending, later, left, known, company);
    }

    /** Returns the evidence without the limit of a token of a moment, unless its user was seen since. */
    Evidence withoutLimit(String user, Instant at) {
        var left = tickets.stream()
                .map(ticket -> ticket.isOf(user, at) ? new Ticket(user, at, null) : ticket)
                .toList();
        var known = limits == null ? null : limits.without(user, at);
        return new Evidence(lastTokenAt, observedAt, seen, members, pending, left, dropped, known, company);
    }

    /** Returns the limits of its tokens for people who came back by them to a call that begins at a time. */
    @Nullable
    TokenLimits limitsCarriedTo(Instant start) {
        return limits == null ? null : limits.carriedTo(start);
    }

    /** Returns the evidence after an observation that shows who of those with tokens came to a call. */
    Evidence withUsed(Observation observation, Instant start) {
        var used = limits == null ? null : limits.seen(observation.users().everyone(), start);
        return Objects.equals(used, limits) ? this : withLimits(used);
    }

    /** Returns the evidence with other limits of tokens. */
    Evidence withLimits(@Nullable TokenLimits known) {
        return new Evidence(lastTokenAt, observedAt, seen, members, pending, tickets, dropped, known, company);
    }

    /** Returns the evidence with what is known of who is alone. */
    Evidence withCompany(@Nullable Company known) {
        return new Evidence(lastTokenAt, observedAt, seen, members, pending, tickets, dropped, limits, known);
    }

    /** Returns whether a token was issued since the channel was last observed. */
    boolean hasTokenSinceObservation() {
        return lastTokenAt.isAfter(observedAt);
    }

    /** Returns when the latest undecided token was issued, if there is one. */
    Optional<Instant> lastUndecided() {
        return tickets.isEmpty()
                ? Optional.ofNullable(dropped).map(Dropped::last)
                : Optional.of(tickets.get(tickets.size() - 1).issuedAt());
    }

    /**
     * Returns how long the tokens let a call last that began at a time, the longest that may be right: while it is
     * undecided of a token whether it began another, that one's limit alone.
     */
    Optional<Duration> limit(Instant start) {
        if (!tickets.isEmpty()) {
            return Optional.ofNullable(tickets.get(tickets.size() - 1).limit());
        }
        return dropped != null
                ? Optional.ofNullable(dropped.lastLimit())
                : Optional.ofNullable(limits).flatMap(known -> known.limit(start));
    }

    /** Returns when the latest undecided token was issued that meets a condition, if there is one. */
    Optional<Instant> lastUndecided(Predicate<Instant> condition) {
        return tickets.stream()
                .map(Ticket::issuedAt)
                .filter(condition)
                .max(Comparator.naturalOrder())
                .or(() -> Optional.ofNullable(dropped)
                        .filter(gone -> condition.test(gone.first()) || condition.test(gone.last()))
                        .map(Dropped::last));
    }

    /** Returns whether more than one token until a time is undecided. */
    boolean hasSeveralUndecided(Instant until) {
        return dropped != null
                || tickets.stream()
                                .filter(ticket -> !ticket.issuedAt().isAfter(until))
                                .count()
                        > 1;
    }

    /** Returns whether each of the members got one of the undecided tokens. */
    boolean membersCameByTokens() {
        return members.stream().allMatch(user -> hasTicket(user, observedAt));
    }

    /** Returns whether an observation shows only people who cannot have been there before the first undecided token. */
    boolean showsNewcomersAlone(Observation observation) {
        var users = observation.users();
        return users.namesEveryone()
                && users.everyone().stream()
                        .allMatch(user -> !members.contains(user) && hasTicket(user, observation.askedAt()));
    }

    /**
     * Returns when the latest undecided token was issued at which the channel may have been empty, as far as an
     * observation of people tells; none if somebody was there at all of them. Only the first observation after a token
     * can tell that: to be asked of the evidence before it.
     */
    Optional<Instant> lastMaybeEmpty(Observation observation, StartPolicy policy, Optional<Occupancy> heard) {
        var askedAt = observation.askedAt();
        return lastUndecided(token -> !token.isAfter(askedAt)
                && !(token.isAfter(observedAt) && isAnsweredPromptly(token, observation, policy, heard)));
    }

    /**
     * Returns whether an answer came so soon after a token that it tells who was there at the token. While events are heard,
     * only of those of whom it was known before: others may have joined in between.
     */
    private boolean isAnsweredPromptly(
            Instant token, Observation observation, StartPolicy policy, Optional<Occupancy> heard) {
        var promptUntil = token.plus(policy.promptWithin());
        return token.isBefore(promptUntil)
                && !observation.answeredAt().isAfter(promptUntil)
                && observation.users().everyone().stream()
                        .anyMatch(user -> heard.map(events -> members.contains(user) || events.heardOf(user, token))
                                .orElseGet(() -> mayHaveBeenThere(user, token, policy)));
    }

    /** Returns whether a user who was shown may have been there at a token: did not come by that or a later one. */
    private boolean mayHaveBeenThere(String user, Instant token, StartPolicy policy) {
        return (policy.usersReturn() && members.contains(user))
                || tickets.stream()
                        .noneMatch(ticket ->
                                ticket.user().equals(user) && !ticket.issuedAt().isBefore(token));
    }

    private boolean hasTicket(String user, Instant until) {
        return tickets.stream()
                .anyMatch(ticket ->
                        ticket.user().equals(user) && !ticket.issuedAt().isAfter(until));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
