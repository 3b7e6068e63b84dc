package alirtc.appserver.overview;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.token.ChannelId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A call as it is shown; a live one, unless its channel was asked for by name.
 *
 * @param state how far it is known
 * @param startedAt when it began, or was found if nobody can tell; by the steady clock
 * @param endsAt when it reaches its time limit, if there is one
 * @param users who is known to be in it, in order: as events tell, else the first few of those whom a lookup showed
 * @param seatsTaken how many seats are taken; 0 where they are not counted
 * @param callId what its record and its webhooks name it, if it is on record
 */
public record LiveCall(
        ChannelId channel,
        State state,
        Instant startedAt,
        Optional<Instant> endsAt,
        List<String> users,
        int seatsTaken,
        Optional<String> callId) {

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
        ENDING,
        /** Tokens were issued, and nobody was seen. */
        AWAITED,
        /** Everybody left. */
        OVER,
        /** It was ended, and is kept so. */
        ENDED
    }

    /**
     * Returns how a channel is shown.
     *
     * @param rules what ends a call
     * @param now by the steady clock
     */
    static LiveCall of(ChannelState channel, CallRules rules, Instant now) {
        var call = channel.call();
        var startedAt = call.safeStart();
        var endsAt = call.limit(rules).filter(any -> channel.isLive()).map(startedAt::plus);
        var users = new TreeSet<>(channel.occupancy().users());
        if (users.size() < call.evidence().members().size()) {
            users.clear();
            users.addAll(call.evidence().members());
        }
        return new LiveCall(
                channel.channel(),
                endsAt.filter(end -> !end.isAfter(now)).isPresent() ? State.ENDING : state(channel),
                startedAt,
                endsAt,
                List.copyOf(users),
                channel.seats().held().size(),
                Optional.ofNullable(channel.open()).filter(OpenRecord::goesOn).map(OpenRecord::callId));
    }

    /** Returns how many are known to be in it. */
    public int people() {
        return users.size();
    }

    private static State state(ChannelState channel) {
        var call = channel.call();
        if (call.isOngoing() && !channel.isLive()) {
            return State.AWAITED;
        }
        if (call.isOngoing() && call.evidence().pending() != null) {
            return State.CHANGE_PENDING;
        }
        return switch (call.stage()) {
            case START_UNKNOWN -> State.START_UNKNOWN;
            case KNOWN -> call.hasUndecidedToken() ? State.PROVISIONAL : State.KNOWN;
            case PROVISIONAL -> State.PROVISIONAL;
            case OVER -> State.OVER;
            case ENDED -> State.ENDED;
        };
    }
}
