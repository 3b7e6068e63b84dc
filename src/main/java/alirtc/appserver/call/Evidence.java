package alirtc.appserver.call;

import alirtc.appserver.token.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call: the tokens issued for its channel and what its observations showed. Immutable; all times are
 * by the steady clock.
 *
 * @param lastTokenAt when the latest token for its channel was issued
 * @param observedAt when the latest observation that counted was asked for
 * @param seen whether people have been seen in the call
 * @param pending an observation that a second one has to confirm or refute, if there is one
 * @param tickets users given a token that no observation has answered for yet, the latest {@value #MAX_TICKETS} of them
 */
public record Evidence(
        Instant lastTokenAt,
        Instant observedAt,
        boolean seen,
        @Nullable PendingChange pending,
        List<Ticket> tickets) {

    /** How many of the latest tokens are remembered. */
    public static final int MAX_TICKETS = 8;

    /**
     * A token that was issued.
     *
     * @param user whom it admits
     * @param issuedAt when
     */
    public record Ticket(String user, Instant issuedAt) {}

    /**
     * An observation that showed nobody of the call, and waits for a second one.
     *
     * @param emptyAt when it was asked for
     * @param tokenAt the token with which a new call begins if a second one agrees; none if the call would be over
     * @param occupied whether people of that new call have been seen
     */
    public record PendingChange(Instant emptyAt, @Nullable Instant tokenAt, boolean occupied) {

        /** Returns from when on a second observation counts. */
        Instant confirmableAt() {
            return emptyAt.plus(Observation.CONFIRMATION_GAP);
        }

        boolean isConfirmableBy(Observation observation) {
            return !observation.askedAt().isBefore(confirmableAt());
        }

        /** Returns whether another call may have begun. */
        boolean isSuccession() {
            return tokenAt != null;
        }
    }

    /** Copies the tickets in. */
    public Evidence {
        tickets = List.copyOf(tickets);
    }

    /** Returns what a first token tells. */
    static Evidence ofToken(UserId user, Instant at) {
        return new Evidence(at, at, false, null, List.of(new Ticket(user.value(), at)));
    }

    /** Returns what is known of a call that was found in progress. */
    static Evidence ofPeople(Instant now) {
        return new Evidence(now, now, true, null, List.of());
    }

    Evidence withToken(UserId user, Instant at) {
        var latest = new ArrayList<>(tickets.size() < MAX_TICKETS ? tickets : tickets.subList(1, MAX_TICKETS));
        latest.add(new Ticket(user.value(), at));
        return new Evidence(at, observedAt, seen, pending, latest);
    }

    Evidence withObservedAt(Instant at) {
        return new Evidence(lastTokenAt, at, seen, pending, tickets);
    }

    Evidence withSeen(boolean now) {
        return new Evidence(lastTokenAt, observedAt, now, null, tickets);
    }

    Evidence withPending(@Nullable PendingChange change) {
        return new Evidence(lastTokenAt, observedAt, seen, change, tickets);
    }

    Evidence withoutTickets() {
        return new Evidence(lastTokenAt, observedAt, seen, pending, List.of());
    }

    Evidence withoutTicketsUntil(Instant at) {
        var later =
                tickets.stream().filter(ticket -> ticket.issuedAt().isAfter(at)).toList();
        return new Evidence(lastTokenAt, observedAt, seen, pending, later);
    }

    /** Returns whether a token was issued since the channel was last observed. */
    boolean hasTokenSinceObservation() {
        return lastTokenAt.isAfter(observedAt);
    }

    /** Returns when the first of the users got a token, if each of them got one that no observation has answered for yet. */
    Optional<Instant> newcomersSince(Set<String> users) {
        var theirs =
                tickets.stream().filter(ticket -> users.contains(ticket.user())).toList();
        return theirs.stream().map(Ticket::user).distinct().count() == users.size()
                ? theirs.stream().map(Ticket::issuedAt).min(Instant::compareTo)
                : Optional.empty();
    }
}
