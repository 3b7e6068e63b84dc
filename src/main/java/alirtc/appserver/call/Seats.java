package alirtc.appserver.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sits in a channel with a limit of users, as far as it is known at one moment, and how that changes by evidence:
 * tokens issued, observations at the channel, the channel deleted. Immutable; all times are by the steady clock.
 *
 * <p>A single observation that does not show a user proves nothing. Only two, {@link Observation#CONFIRMATION_GAP} apart and with no sign of the
 * user between, do.
 *
 * @param held the seats, one a user; never more than the policy allows
 * @param unseated users who were seen without a seat of theirs, whether they got one then or not; the first few
 */
public record Seats(List<Seat> held, List<String> unseated) {

    /** No seats: the state of every channel without a limit. */
    public static final Seats NONE = new Seats(List.of(), List.of());

    private static final int MAX_UNSEATED = 8;

    /** Copies the lists in. */
    public Seats {
        held = List.copyOf(held);
        unseated = List.copyOf(unseated);
    }

    /**
     * One seat.
     *
     * @param user who sits there
     * @param signAt the latest sign of the user: when the latest token was issued, or the latest observation that showed the
     *     user was asked for
     * @param seen whether that was an observation
     * @param missedAt when the first of the observations since that did not show the user was asked for
     */
    public record Seat(
            String user,
            Instant signAt,
            boolean seen,
            @Nullable Instant missedAt) {

        /** Returns from when on it counts if a observation does not show the user: the phone may be on its way until then. */
        private Instant countsFrom(SeatPolicy policy) {
            return seen ? signAt : signAt.plus(policy.ttl());
        }

        private boolean isGivenUp(Instant now, SeatPolicy policy) {
            return !now.isBefore(signAt.plus(policy.lease()));
        }

        /** Returns the soonest that two observations can free it. */
        private Instant freeAt(Instant now, SeatPolicy policy) {
            var first = missedAt != null ? missedAt : later(countsFrom(policy), now);
            return first.plus(Observation.CONFIRMATION_GAP);
        }

        /** Returns when the next observation can tell something of it, if an observation is wanted for its sake alone. */
        private Optional<Instant> observeAt(SeatPolicy policy) {
            if (missedAt != null) {
                return Optional.of(missedAt.plus(Observation.CONFIRMATION_GAP));
            }
            return seen ? Optional.empty() : Optional.of(countsFrom(policy));
        }

        /** Returns the seat after a observation; nothing if it is free. */
        private Optional<Seat> observed(Observation observation, Set<String> shown, SeatPolicy policy) {
            var askedAt = observation.askedAt();
            if (askedAt.isBefore(signAt)) {
                return Optional.of(this);
            }
            if (shown.contains(user)) {
                return Optional.of(new Seat(user, askedAt, true, null));
            }
            if (!observation.users().namesEveryone() || askedAt.isBefore(countsFrom(policy))) {
                return Optional.of(this);
            }
            if (missedAt == null) {
                return Optional.of(new Seat(user, signAt, seen, askedAt));
            }
            return askedAt.isBefore(missedAt.plus(Observation.CONFIRMATION_GAP)) ? Optional.of(this) : Optional.empty();
        }
    }

    /** Returns whether nobody has a seat. */
    public boolean isEmpty() {
        return held.isEmpty();
    }

    /** Returns whether a user has a seat. */
    public boolean holds(String user) {
        return held.stream().anyMatch(seat -> seat.user().equals(user));
    }

    /** Returns the seats with one for a user to whom a token is issued, kept or new; nothing if none is free. */
    public Optional<Seats> take(String user, Instant at, SeatPolicy policy) {
        var taken = new ArrayList<Seat>(policy.max());
        for (var seat : held) {
            if (!seat.user().equals(user) && !seat.isGivenUp(at, policy)) {
                taken.add(seat);
            }
        }
        if (taken.size() >= policy.max()) {
            return Optional.empty();
        }
        taken.add(new Seat(user, at, false, null));
        return Optional.of(new Seats(taken, unseated));
    }

    /** Returns the seats after a observation: who is gone loses a seat, who is there without one gets one if it is free. */
    public Seats observed(Observation observation, SeatPolicy policy) {
        var shown = observation.users().everyone();
        var left = new ArrayList<Seat>(held.size());
        for (var seat : held) {
            seat.observed(observation, shown, policy).ifPresent(left::add);
        }
        var others = new ArrayList<>(unseated);
        for (var user : shown) {
            if (!holds(user)) {
                if (left.size() < policy.max()) {
                    left.add(new Seat(user, observation.askedAt(), true, null));
                }
                if (others.size() < MAX_UNSEATED && !others.contains(user)) {
                    others.add(user);
                }
            }
        }
        return new Seats(left, others);
    }

    /**
     * Returns the seats after an event that a user left: as good as a first observation that does not show a user who was
     * shown before. A user who was not may be on the way.
     */
    Seats left(String user, Instant at) {
        var missedAt = at.minus(Observation.CONFIRMATION_GAP);
        return new Seats(
                held.stream()
                        .map(seat -> seat.user().equals(user) && seat.seen()
                                ? new Seat(user, seat.signAt(), true, missedAt)
                                : seat)
                        .toList(),
                unseated);
    }

    /** Returns the seats after the channel was deleted: who was in it is out, who is on the way may still come. */
    public Seats deleted() {
        return held.isEmpty()
                ? this
                : new Seats(held.stream().filter(seat -> !seat.seen()).toList(), unseated);
    }

    /** Returns the seats without that of a user to whom a token of a moment was issued, but never handed out. */
    Seats withdrawn(String user, Instant at) {
        return new Seats(
                held.stream()
                        .filter(seat -> seat.seen()
                                || !seat.user().equals(user)
                                || !seat.signAt().equals(at))
                        .toList(),
                unseated);
    }

    /** Returns when an observation is wanted for the sake of a seat, if for any; not before a time. */
    public Optional<Instant> observeAt(Instant notBefore, SeatPolicy policy) {
        return held.stream()
                .flatMap(seat -> seat.observeAt(policy).stream())
                .min(Comparator.naturalOrder())
                .map(due -> later(due, notBefore));
    }

    /** Returns from when on an observation can be the first of two that free a seat. */
    public Instant countsFrom(SeatPolicy policy) {
        return held.stream()
                .map(seat -> seat.countsFrom(policy))
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    /** Returns the soonest that a seat can come free, if nobody gives a sign until then. */
    public Instant freeAt(Instant now, SeatPolicy policy) {
        return held.stream()
                .map(seat -> seat.freeAt(now, policy))
                .min(Comparator.naturalOrder())
                .orElse(now);
    }

    /** Returns when the latest sign of any of those who sit came; nothing if nobody sits. */
    public Optional<Instant> latestSignAt() {
        return held.stream().map(Seat::signAt).max(Comparator.naturalOrder());
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
