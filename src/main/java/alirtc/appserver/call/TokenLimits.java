package alirtc.appserver.call;

import alirtc.appserver.call.Evidence.Dropped;
import alirtc.appserver.call.Evidence.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long the tokens of a call let it last. Immutable; all times are by the steady clock.
 *
 * <p>To a call belong the tokens that were issued from its start on; and of those issued at most {@link
 * Schedule#JOIN_GRACE} before, whose phones may have been on their way, the ones whose users are then seen in it. Where it
 * cannot be known whether a token belongs to a call, it does not: a limit may prove to be too long, never too short.
 *
 * @param least the least of the limits of the tokens that belong to the call and whose users were seen in it, if any has
 *     one
 * @param from the latest start to which all of these tokens belong; without meaning if there is none
 * @param unused the tokens with a limit whose users were not seen since, the latest {@value Evidence#MAX_TICKETS} of them
 */
public record TokenLimits(@Nullable Duration least, Instant from, List<Ticket> unused) {

    private static final TokenLimits NONE = new TokenLimits(null, Instant.MAX, List.of());

    /** Copies the list in. */
    public TokenLimits {
        unused = List.copyOf(unused);
    }

    /** Returns the lesser of two limits, of which null is none. */
    static @Nullable Duration lesser(@Nullable Duration a, @Nullable Duration b) {
        return a == null || (b != null && b.compareTo(a) < 0) ? b : a;
    }

    /**
     * Returns the limits after tokens were decided.
     *
     * @param known the limits before, if there were any
     * @param tokens those that are decided now
     * @param dropped others that are decided, if there are any
     * @param start when the call began, as far as is known now
     */
    static @Nullable TokenLimits decided(
            @Nullable TokenLimits known, List<Ticket> tokens, @Nullable Dropped dropped, Instant start) {
        var limited = tokens.stream().filter(token -> token.limit() != null).toList();
        if (known == null && limited.isEmpty() && (dropped == null || dropped.least() == null)) {
            return null;
        }
        var limits = (known == null ? NONE : known).startingAt(start);
        if (dropped != null) {
            // Of those between its first and its last nobody knows which has the least limit.
            var all = !dropped.first().isBefore(start);
            limits = limits.with(
                    all ? dropped.least() : dropped.lastLimit(), all ? dropped.first() : dropped.last(), start);
        }
        return limits.withUnused(limited, start).orNull();
    }

    /** Returns the limits of a call that began at a time: what belongs to an earlier one alone is dropped. */
    TokenLimits startingAt(Instant start) {
        var kept = unused.stream().filter(token -> isInTime(token, start)).toList();
        return start.isAfter(from) ? new TokenLimits(null, Instant.MAX, kept) : new TokenLimits(least, from, kept);
    }

    /** Returns the same limits for a call of people who came back by the same tokens. */
    TokenLimits carriedTo(Instant start) {
        return new TokenLimits(least, start, unused);
    }

    /** Returns the limits after users were shown in the call: what they came by belongs to it. */
    @Nullable
    TokenLimits seen(Set<String> users, Instant start) {
        var limits = this;
        var left = new ArrayList<Ticket>();
        for (var token : unused) {
            if (users.contains(token.user()) && isInTime(token, start)) {
                limits = limits.with(token.limit(), later(token.issuedAt(), start), start);
            } else {
                left.add(token);
            }
        }
        return left.size() == unused.size() ? this : new TokenLimits(limits.least, limits.from, left).orNull();
    }

    /** Returns the limits without a token of a moment that was never handed out. */
    @Nullable
    TokenLimits without(String user, Instant at) {
        var left = unused.stream().filter(token -> !token.isOf(user, at)).toList();
        return new TokenLimits(least, from, left).orNull();
    }

    /** Returns whether the phone of a token may still have been on its way when a call began. */
    private static boolean isInTime(Ticket token, Instant start) {
        return !token.issuedAt().plus(Schedule.JOIN_GRACE).isBefore(start);
    }

    /** Returns the limits with that of a token, if it has one and belongs to the call. */
    private TokenLimits with(@Nullable Duration limit, Instant issuedAt, Instant start) {
        return limit == null || issuedAt.isBefore(start)
                ? this
                : new TokenLimits(lesser(least, limit), issuedAt.isBefore(from) ? issuedAt : from, unused);
    }

    private TokenLimits withUnused(List<Ticket> tokens, Instant start) {
        var all = Stream.concat(unused.stream(), tokens.stream())
                .filter(token -> isInTime(token, start))
                .toList();
        int tooMany = Math.max(0, all.size() - Evidence.MAX_TICKETS);
        var limits = this;
        for (var token : all.subList(0, tooMany)) {
            limits = limits.with(token.limit(), token.issuedAt(), start);
        }
        return new TokenLimits(limits.least, limits.from, all.subList(tooMany, all.size()));
    }

    private @Nullable TokenLimits orNull() {
        return least == null && unused.isEmpty() ? null : this;
    }

    /** Returns how long a call may last that began at a time, if any of its tokens limits it. */
    Optional<Duration> limit(Instant start) {
        var known = start.isAfter(from) ? null : least;
        for (var token : unused) {
            if (!token.issuedAt().isBefore(start)) {
                known = lesser(known, token.limit());
            }
        }
        return Optional.ofNullable(known);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
