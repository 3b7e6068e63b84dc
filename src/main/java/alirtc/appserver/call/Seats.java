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
 * <p>A single look that does not show a user proves nothing. Only two, {@link Call#GAP} apart and with no sign of the
 * user between, do.
 *
 * @param held the seats, one a user; never more than the rules allow
 * @param strangers users who were seen without a seat of theirs, whether they got one then or not; the first few
 */
record Seats(List<Seat> held, List<String> strangers) {

    /** No seats: the state of every channel without a limit. */
    static final Seats NONE = new Seats(List.of(), List.of());

    private static final int MOST_STRANGERS = 8;

    /** Copies the lists in. */
    Seats {
        held = List.copyOf(held);
        strangers = List.copyOf(strangers);
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
    record Seat(
            String user,
            Instant signAt,
            boolean seen,
            @Nullable Instant missedAt) {

        /** Returns from when on it counts if a look does not show the user: the phone may be on its way until then. */
        private Instant countsFrom(SeatRules rules) {
            return seen ? signAt : signAt.plus(rules.ttl());
        }

        private boolean isGivenUp(Instant now, SeatRules rules) {
            return !now.isBefore(signAt.plus(rules.lease()));
        }

        /** Returns the soonest that two looks can free it. */
        private Instant freeAt(Instant now, SeatRules rules) {
            var first = missedAt != null ? missedAt : later(countsFrom(rules), now);
            return first.plus(Call.GAP);
        }

        /** Returns when the next look can tell something of it, if a look is wanted for its sake alone. */
        private Optional<Instant> lookAt(SeatRules rules) {
            if (missedAt != null) {
                return Optional.of(missedAt.plus(Call.GAP));
            }
            return seen ? Optional.empty() : Optional.of(countsFrom(rules));
        }

        /** Returns the seat after a look; nothing if it is free. */
        private Optional<Seat> looked(Look look, Set<String> shown, SeatRules rules) {
            var askedAt = look.askedAt();
            if (askedAt.isBefore(signAt)) {
                return Optional.of(this);
            }
            if (shown.contains(user)) {
                return Optional.of(new Seat(user, askedAt, true, null));
            }
            if (!look.users().namesEveryone() || askedAt.isBefore(countsFrom(rules))) {
                return Optional.of(this);
            }
            if (missedAt == null) {
                return Optional.of(new Seat(user, signAt, seen, askedAt));
            }
            return askedAt.isBefore(missedAt.plus(Call.GAP)) ? Optional.of(this) : Optional.empty();
        }
    }

    /** Returns whether a user has a seat. */
    boolean holds(String user) {
        return held.stream().anyMatch(seat -> seat.user().equals(user));
    }

    /** Returns the seats with one for a user to whom a token is issued, kept or new; nothing if none is free. */
    Optional<Seats> take(String user, Instant at, SeatRules rules) {
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
        return Optional.of(new Seats(taken, strangers));
    }

    /** Returns the seats after a look: who is gone loses a seat, who is there without one gets one if it is free. */
    Seats looked(Look look, SeatRules rules) {
        var shown = look.users().everyone();
        var left = new ArrayList<Seat>(held.size());
        for (var seat : held) {
            seat.looked(look, shown, rules).ifPresent(left::add);
        }
        var others = new ArrayList<>(strangers);
        for (var user : shown) {
            if (!holds(user)) {
                if (left.size() < rules.most()) {
                    left.add(new Seat(user, look.askedAt(), true, null));
                }
                if (others.size() < MOST_STRANGERS && !others.contains(user)) {
                    others.add(user);
                }
            }
        }
        return new Seats(left, others);
    }

    /** Returns the seats after the channel was deleted: who was in it is out, who is on the way may still come. */
    Seats deleted() {
        return held.isEmpty()
                ? this
                : new Seats(held.stream().filter(seat -> !seat.seen()).toList(), strangers);
    }

    /** Returns when a look is wanted for the sake of a seat, if for any; not before a time. */
    Optional<Instant> lookAt(Instant notBefore, SeatRules rules) {
        return held.stream()
                .flatMap(seat -> seat.lookAt(rules).stream())
                .min(Comparator.naturalOrder())
                .map(due -> later(due, notBefore));
    }

    /** Returns from when on a look can be the first of two that free a seat. */
    Instant countsFrom(SeatRules rules) {
        return held.stream()
                .map(seat -> seat.countsFrom(rules))
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    /** Returns the soonest that a seat can come free, if nobody gives a sign until then. */
    Instant freeAt(Instant now, SeatRules rules) {
        return held.stream()
                .map(seat -> seat.freeAt(now, rules))
                .min(Comparator.naturalOrder())
                .orElse(now);
    }

    /** Returns when the latest sign of any of those who sit came; nothing if nobody sits. */
    Optional<Instant> latestSignAt() {
        return held.stream().map(Seat::signAt).max(Comparator.naturalOrder());
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
