package alirtc.appserver.call;

import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How many may sit in a channel and for how long a seat is kept, and what tokens and looks do to a call in such a
 * channel. Immutable.
 *
 * @param most the most seats in a channel; at least 1
 * @param ttl how long a seat waits for its user after a token; positive
 * @param tokenTtl how long a token admits its user; positive
 */
public record SeatPolicy(int most, Duration ttl, Duration tokenTtl) {

    /** A seat of whose user nothing at all was heard for so long is given up: the upstream may be away for good. */
    private static final Duration SILENCE = Duration.ofHours(12);

    /** Returns how long a seat is kept after the latest sign of its user when no look tells anything of it. */
    public Duration lease() {
        return tokenTtl.compareTo(SILENCE) > 0 ? tokenTtl : SILENCE;
    }

    /** Returns a call just begun by a token, with a seat for its user. */
    public Call begun(Call call, UserId user, Instant at) {
        return taken(call, user, at).orElse(call);
    }

    /**
     * Returns the call after one more token, with a seat for its user. If none is free the token is not issued, and the
     * channel is looked at as soon as that can help.
     */
    public Call tokenIssued(Call call, long nextId, UserId user, Instant at) {
        return taken(call, user, at)
                .map(seated -> seated.tokenIssued(nextId, user, at))
                .orElseGet(() -> hastened(call, at));
    }

    private Optional<Call> taken(Call call, UserId user, Instant at) {
        return call.seats().take(user.value(), at, this).map(seats -> call.with(seats, call.nextPollAt()));
    }

    /** Moves the next look forward, unless it comes soon anyway: a look that failed is not repeated for each asker. */
    private Call hastened(Call call, Instant at) {
        if (!call.nextPollAt().isAfter(at.plus(Call.RETRY_DELAY))) {
            return call;
        }
        var soonest = latest(
                at, call.observedAt().plus(Call.CONFIRMATION_GAP), call.seats().countsFrom(this));
        return call.with(call.seats(), earlier(soonest, call.nextPollAt()));
    }

    /** Returns the call after a observation; nothing if it is over and nobody has a seat. */
    public Optional<Call> observed(Call call, long nextId, Observation observation) {
        var after = call.observed(nextId, observation);
        if (observation.askedAt().isBefore(call.observedAt())) {
            return after;
        }
        var seats = call.seats().observed(observation, this);
        var due = seats.lookAt(observation.askedAt().plus(Call.CONFIRMATION_GAP), this);
        if (after.isPresent()) {
            var next = after.get();
            return Optional.of(next.with(
                    seats, due.map(at -> earlier(at, next.nextPollAt())).orElse(next.nextPollAt())));
        }
        return seats.latestSignAt()
                .map(sign -> call.awaited(nextId, sign, observation.askedAt())
                        .with(seats, due.orElse(observation.askedAt().plus(Call.POLL_INTERVAL))));
    }

    /** Returns a call that was found in progress, with seats for those who were seen in it. */
    public Call found(Call call, ChannelUsers users, Instant at) {
        var observation = new Observation(at, users, Optional.empty());
        return call.with(call.seats().observed(observation, this), call.nextPollAt());
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant latest(Instant a, Instant b, Instant c) {
        var ab = a.isAfter(b) ? a : b;
        return ab.isAfter(c) ? ab : c;
    }
}
