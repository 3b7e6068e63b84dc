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
 * tokens issued, looks at the channel, the channel deleted. Immutable; all times are by the steady clock.
 *
 * <p>A single look that does not show a user proves nothing. Only two, {@link Call#CONFIRMATION_GAP} apart and with no sign of the
 * user between, do.
 *
 * @param held the seats, one a user; never more than the rules allow
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
     * @param signAt the latest sign of the user: when the latest token was issued, or the latest look that showed the
     *     user was asked for
     * @param seen whether that was a look
     * @param missedAt when the first of the looks since that did not show the user was asked for
     */
    public record Seat(
            String user,
            Instant signAt,
            boolean seen,
            @Nullable Instant missedAt) {

        /** Returns from when on it counts if a observation does not show the user: the phone may be on its way until then. */
        private Instant countsFrom(SeatPolicy rules) {
            return seen ? signAt : signAt.plus(rules.ttl());
        }

        private boolean isGivenUp(Instant now, SeatPolicy rules) {
            return !now.isBefore(signAt.plus(rules.lease()));
        }

        /** Returns the soonest that two looks can free it. */
        private Instant freeAt(Instant now, SeatPolicy rules) {
            var first = missedAt != null ? missedAt : later(countsFrom(rules), now);
            return first.plus(Call.CONFIRMATION_GAP);
        }

        /** Returns when the next look can tell something of it, if a look is wanted for its sake alone. */
        private Optional<Instant> lookAt(SeatPolicy rules) {
            if (missedAt != null) {
                return Optional.of(missedAt.plus(Call.CONFIRMATION_GAP));
            }
            return seen ? Optional.empty() : Optional.of(countsFrom(rules));
        }

        /** Returns the seat after a observation; nothing if it is free. */
        private Optional<Seat> observed(Observation observation, Set<String> shown, SeatPolicy rules) {
            var askedAt = observation.askedAt();
            if (askedAt.isBefore(signAt)) {
                return Optional.of(this);
            }
            if (shown.contains(user)) {
                return Optional.of(new Seat(user, askedAt, true, null));
            }
            if (!observation.users().namesEveryone() || askedAt.isBefore(countsFrom(rules))) {
                return Optional.of(this);
            }
            if (missedAt == null) {
                return Optional.of(new Seat(user, signAt, seen, askedAt));
            }
            return askedAt.isBefore(missedAt.plus(Call.CONFIRMATION_GAP)) ? Optional.of(this) : Optional.empty();
        }
    }

    /** Returns whether a user has a seat. */
    public boolean holds(String user) {
        return held.stream().anyMatch(seat -> seat.user().equals(user));
    }

    /** Returns the seats with one for a user to whom a token is issued, kept or new; nothing if none is free. */
    public Optional<Seats> take(String user, Instant at, SeatPolicy rules) {
        var taken = new ArrayList<Seat>(rules.most());
        for (var seat : held) {
            if (!seat.user().equals(user) && !seat.isGivenUp(at, rules)) {
                taken.add(seat);
            }
        }
        if (taken.size() >= rules.most()) {
            return Optional.empty();
        }
        taken.add(new Seat(user, at, false, null));
        return Optional.of(new Seats(taken, unseated));
    }

    /** Returns the seats after a observation: who is gone loses a seat, who is there without one gets one if it is free. */
    public Seats observed(Observation observation, SeatPolicy rules) {
        var shown = observation.users().everyone();
        var left = new ArrayList<Seat>(held.size());
        for (var seat : held) {
            seat.observed(observation, shown, rules).ifPresent(left::add);
        }
        var others = new ArrayList<>(unseated);
        for (var user : shown) {
            if (!holds(user)) {
                if (left.size() < rules.most()) {
                    left.add(new Seat(user, observation.askedAt(), true, null));
                }
                if (others.size() < MAX_UNSEATED && !others.contains(user)) {
                    others.add(user);
                }
            }
        }
        return new Seats(left, others);
    }

    /** Returns the seats after the channel was deleted: who was in it is out, who is on the way may still come. */
    public Seats deleted() {
        return held.isEmpty()
                ? this
                : new Seats(held.stream().filter(seat -> !seat.seen()).toList(), unseated);
    }

    /** Returns when a look is wanted for the sake of a seat, if for any; not before a time. */
    public Optional<Instant> lookAt(Instant notBefore, SeatPolicy rules) {
        return held.stream()
                .flatMap(seat -> seat.lookAt(rules).stream())
                .min(Comparator.naturalOrder())
                .map(due -> later(due, notBefore));
    }

    /** Returns from when on a look can be the first of two that free a seat. */
    public Instant countsFrom(SeatPolicy rules) {
        return held.stream()
                .map(seat -> seat.countsFrom(rules))
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    /** Returns the soonest that a seat can come free, if nobody gives a sign until then. */
    public Instant freeAt(Instant now, SeatPolicy rules) {
        return held.stream()
                .map(seat -> seat.freeAt(now, rules))
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
