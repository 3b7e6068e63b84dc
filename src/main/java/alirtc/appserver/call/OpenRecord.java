package alirtc.appserver.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is on record so far of the call in a channel, or of the last one that was in it. Immutable; times are by the steady
 * clock.
 *
 * @param callId tells the call from all others, for good
 * @param told how many notices of it there were; the next one has that number and 1
 * @param correction the number of the record that its end makes, or made
 * @param start when it began
 * @param notBefore when the call on record before it in its channel ended: this one takes up none of that one's time, should
 *     its token be older; none if there was none
 * @param recovered whether it was found in progress, as after a restart
 * @param warned whether it was told that its limit is near
 * @param seenAt when somebody was last known to be in it
 * @param stays who was there when, in the order in which that became known; never many
 * @param dropped what is left of earlier stays
 * @param doubt whether the call that is now in the channel is this one; none if that is known
 * @param endedAt when it ended; none while its record is not final
 */
public record OpenRecord(
        String callId,
        int told,
        int correction,
        Start start,
        @Nullable Instant notBefore,
        boolean recovered,
        boolean warned,
        Instant seenAt,
        List<OpenStay> stays,
        DroppedStays dropped,
        @Nullable Doubt doubt,
        @Nullable Instant endedAt) {

    /**
     * When a call began, as far as is known.
     *
     * @param at when
     * @param byToken whether that is the moment of a token; else those in the call told it
     * @param certain whether no earlier or later one may be right
     */
    public record Start(Instant at, boolean byToken, boolean certain) {
        /** The cloud tells joins in whole seconds. */
        private static final Duration WHOLE_SECOND = Duration.ofSeconds(1);

        /** Returns how much it may be off; nothing if nobody can tell. */
        Optional<Duration> error() {
            return certain ? Optional.of(byToken ? Duration.ZERO : WHOLE_SECOND) : Optional.empty();
        }
    }

    /**
     * The stays that are too many to be kept one by one.
     *
     * @param talked how long two or more were there until the last of them ended, by all stays
     * @param until when the last of them ended; a time before all others if there are none
     */
    public record DroppedStays(Duration talked, Instant until) {
        /** There are none. */
        public static final DroppedStays NONE = new DroppedStays(Duration.ZERO, Instant.EPOCH);
    }

    /**
     * That it is not known yet whether the call in the channel is the one on record.
     *
     * @param foundAt when users of that were first found in the channel since; none if they were not
     */
    public record Doubt(@Nullable Instant foundAt) {}

    /** Copies the list in. */
    public OpenRecord {
        stays = List.copyOf(stays);
    }

    /** Returns whether the call on record is known to go on. */
    public boolean goesOn() {
        return endedAt == null && doubt == null;
    }

    /** Returns the record with another doubt, or none, whether the call in the channel is this one. */
    OpenRecord doubted(@Nullable Doubt whether) {
        return new OpenRecord(
                callId,
                told,
                correction,
                start,
                notBefore,
                recovered,
                warned,
                seenAt,
                stays,
                dropped,
                whether,
                endedAt);
    }

    /** Returns when somebody of the call was last known to be in the channel, or known to have left last. */
    Instant until() {
        return endedAt == null ? seenAt : endedAt;
    }

    /** Returns whether a user is among those of the call. */
    boolean knows(String user) {
        return stays.stream().anyMatch(stay -> stay.isOf(user));
    }
}
