package alirtc.appserver.call;

import alirtc.appserver.token.ChannelId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a call, to be told to whoever bills for it. Immutable; times are by the steady clock.
 *
 * @param callId of which call
 * @param seq its number among the notices of the call, from 1 without a gap
 * @param at when it happened, as far as is known
 * @param startedAt when the call began, as far as is known
 * @param user who joined or left; none else
 * @param endsAt when the limit is reached, of an ending call; none else
 * @param record of a call that is over; none else
 */
public record CallNotice(
        Type type,
        String callId,
        int seq,
        ChannelId channel,
        Instant at,
        Instant startedAt,
        @Nullable String user,
        @Nullable Instant endsAt,
        @Nullable CallRecord record) {

    /** What happened. */
    public enum Type {
        /** Somebody was seen in it for the first time. */
        STARTED("call.started"),
        /** A user joined. */
        USER_JOINED("call.user_joined"),
        /** A user left. */
        USER_LEFT("call.user_left"),
        /** Its limit is near. */
        ENDING("call.ending"),
        /** It is over. */
        ENDED("call.ended");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** Returns how it is told. */
        public String word() {
            return word;
        }
    }
}
