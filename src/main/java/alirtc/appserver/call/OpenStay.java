package alirtc.appserver.call;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One stay of a user in a call whose record is not final. Immutable; times are by the steady clock.
 *
 * @param stay whose, since when, until when
 * @param joinHeard whether an event told that it began
 * @param leaveHeard whether an event told that it ended
 * @param missedAt when the first of the observations was asked for that did not show the user, while others were shown; none
 *     if the latest did
 */
public record OpenStay(
        Stay stay,
        boolean joinHeard,
        boolean leaveHeard,
        @Nullable Instant missedAt) {

    /** Returns a stay that goes on. */
    static OpenStay begun(String user, String session, Instant joinedAt, boolean heard) {
        return new OpenStay(new Stay(user, session, joinedAt, null), heard, false, null);
    }

    String user() {
        return stay.user();
    }

    boolean goesOn() {
        return stay.leftAt() == null;
    }

    boolean isOf(String user) {
        return stay.user().equals(user);
    }

    boolean isOf(String user, String session) {
        return isOf(user) && stay.session().equals(session);
    }

    /** Returns when it ended, or a later time if it goes on. */
    Instant leftAt(Instant later) {
        return stay.leftAt() == null ? later : stay.leftAt();
    }

    /** Returns the stay after an event of its session, which only lookups told of before. */
    OpenStay of(String session, boolean begun) {
        return new OpenStay(
                new Stay(stay.user(), session, stay.joinedAt(), stay.leftAt()),
                joinHeard || begun,
                leaveHeard,
                missedAt);
    }

    /** Returns the stay after an observation that showed the user. */
    OpenStay shown() {
        return missedAt == null ? this : new OpenStay(stay, joinHeard, leaveHeard, null);
    }

    /** Returns the stay after a first observation that did not show the user. */
    OpenStay missed(Instant at) {
        return new OpenStay(stay, joinHeard, leaveHeard, at);
    }

    /**
     * Returns the stay when it is over. It does not end before it began, nor after an observation that did not show the user.
     *
     * @param heard whether an event told that
     */
    OpenStay left(Instant at, boolean heard) {
        var end = missedAt != null && missedAt.isBefore(at) ? missedAt : at;
        var leftAt = end.isBefore(stay.joinedAt()) ? stay.joinedAt() : end;
        return new OpenStay(
                new Stay(stay.user(), stay.session(), stay.joinedAt(), leftAt),
                joinHeard,
                heard && end.equals(at),
                null);
    }

    /** Returns the stay when it proved to have gone on. */
    OpenStay resumed() {
        return new OpenStay(new Stay(stay.user(), stay.session(), stay.joinedAt(), null), joinHeard, false, null);
    }

    /** Returns the stay as far as it is within a span; if it goes on, it is there to the end of that. */
    Stay within(Instant begin, Instant end) {
        return new Stay(
                stay.user(), stay.session(), within(begin, stay.joinedAt(), end), within(begin, leftAt(end), end));
    }

    private static Instant within(Instant begin, Instant at, Instant end) {
        return at.isBefore(begin) ? begin : at.isAfter(end) ? end : at;
    }
}
