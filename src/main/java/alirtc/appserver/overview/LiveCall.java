package alirtc.appserver.overview;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.token.ChannelId;
import java.time.Instant;
import java.util.Optional;

/**
 * A live call as it is shown.
 *
 * @param state how far it is known
 * @param startedAt when it began, or was found if nobody can tell; by the steady clock
 * @param endsAt when it reaches its time limit, if there is one
 * @param people how many are known to be in it
 * @param seatsTaken how many seats are taken; 0 where they are not counted
 */
public record LiveCall(
        ChannelId channel, State state, Instant startedAt, Optional<Instant> endsAt, int people, int seatsTaken) {

    /** How far a call is known, in the words of the state table, and whether it is being ended. */
    public enum State {
        /** Its start may prove to be earlier. */
        PROVISIONAL,
        /** Its start is known. */
        KNOWN,
        /** Nobody can tell when it began. */
        START_UNKNOWN,
        /** It may be over: a second observation has to tell. */
        CHANGE_PENDING,
        /** It has reached its time limit, and its channel is not deleted yet. */
        ENDING
    }

    /**
     * Returns how a live channel is shown.
     *
     * @param rules what ends a call
     * @param now by the steady clock
     */
    static LiveCall of(ChannelState channel, CallRules rules, Instant now) {
        var call = channel.call();
        var startedAt = call.safeStart();
        var endsAt = call.limit(rules).map(startedAt::plus);
        int heard = channel.occupancy().users().size();
        return new LiveCall(
                channel.channel(),
                endsAt.filter(end -> !end.isAfter(now)).isPresent() ? State.ENDING : state(channel),
                startedAt,
                endsAt,
                Math.max(heard, call.evidence().members().size()),
                channel.seats().held().size());
    }

    private static State state(ChannelState channel) {
        var call = channel.call();
        if (call.evidence().pending() != null) {
            return State.CHANGE_PENDING;
        }
        return switch (call.stage()) {
            case START_UNKNOWN -> State.START_UNKNOWN;
            case KNOWN -> call.hasUndecidedToken() ? State.PROVISIONAL : State.KNOWN;
            default -> State.PROVISIONAL;
        };
    }
}
