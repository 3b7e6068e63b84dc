package alirtc.appserver.call;

import alirtc.appserver.openapi.ChannelUsers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether one is left alone in a call in which two or more were seen at once. Immutable; all times are by the steady
 * clock. Known by observations alone: an event can be forged or lost, so that it only brings an observation forward.
 *
 * @param togetherAt when the latest observation was asked for that showed two or more
 * @param left who is alone since, if the observations since then showed that one alone
 */
public record Company(Instant togetherAt, @Nullable Left left) {

    /**
     * Who is left alone.
     *
     * @param user the name
     * @param since when the first observation was answered that showed nobody else
     * @param quietSince when the first one was answered that was asked for after all with tokens had the time to join; none
     *     while somebody may be on the way
     */
    public record Left(String user, Instant since, @Nullable Instant quietSince) {

        private Left observed(Observation observation, Instant expectedUntil) {
            return isQuiet(expectedUntil) || observation.askedAt().isBefore(expectedUntil)
                    ? this
                    : new Left(user, since, observation.answeredAt());
        }

        /** Returns when a second observation can prove it, or when the first one can show it that counts for that. */
        private Instant provenAt(Instant expectedUntil) {
            return quietSince == null || quietSince.isBefore(expectedUntil)
                    ? expectedUntil
                    : quietSince.plus(Schedule.JOIN_GRACE);
        }

        private boolean isQuiet(Instant expectedUntil) {
            return quietSince != null && !quietSince.isBefore(expectedUntil);
        }
    }

    /**
     * Returns what is known after an observation of a call; nothing until two were seen at once.
     *
     * @param expectedUntil until when somebody with a token may be on the way
     */
    static @Nullable Company observed(@Nullable Company before, Observation observation, Instant expectedUntil) {
        var users = observation.users();
        if (users.everyone().size() > 1) {
            return new Company(observation.askedAt(), null);
        }
        if (before == null) {
            return null;
        }
        return alone(users)
                .map(user -> before.left != null && before.left.user().equals(user)
                        ? before.left
                        : new Left(user, observation.answeredAt(), null))
                .map(left -> new Company(before.togetherAt, left.observed(observation, expectedUntil)))
                .orElseGet(before::notAlone);
    }

    /** Returns the one whom an answer shows alone; nobody where it may count one whom it does not name. */
    private static Optional<String> alone(ChannelUsers users) {
        int counted = users.commTotalNum() + users.interactiveUserNum() + users.liveUserNum();
        return counted > 1 || !users.namesEveryone()
                ? Optional.empty()
                : users.everyone().stream().filter(user -> !user.isBlank()).findFirst();
    }

    /** Returns the same with nobody alone: it is not sure any more, and has to be seen anew. */
    Company notAlone() {
        return left == null ? this : new Company(togetherAt, null);
    }

    /**
     * Returns when one will have been alone for a time, if one is: not before two observations at which nobody was expected
     * have shown it, as far apart as a phone may take to join, so that one that lies proves nothing.
     *
     * @param start a start of the call that is not too early: who was together before that was so in another call
     * @param expectedUntil until when somebody with a token may be on the way
     */
    Optional<Instant> aloneAt(Duration time, Instant start, Instant expectedUntil) {
        if (left == null || togetherAt.isBefore(start)) {
            return Optional.empty();
        }
        var at = left.since().plus(time);
        var provenAt = left.provenAt(expectedUntil);
        return Optional.of(at.isBefore(provenAt) ? provenAt : at);
    }
}
