package alirtc.appserver.call;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.call.Occupancy.Session;
import alirtc.appserver.call.OpenRecord.Start;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of a channel, as far as it tells something of who is in a call and when. Immutable; all times are by the
 * steady clock.
 *
 * @param before the state before it, if there was one
 * @param after the state after it, if there is one
 * @param now when it came
 * @param observation what it came by; none if it was something else, or came too late to tell anything
 * @param deletedFor why the channel was deleted; none if it was not
 */
record RecordChange(
        @Nullable ChannelState before,
        @Nullable ChannelState after,
        Instant now,
        @Nullable Observation observation,
        @Nullable EndReason deletedFor) {

    /** Returns whether the call is the same before and after. */
    boolean isOfOneCall() {
        return before != null
                && after != null
                && before.call().id() == after.call().id();
    }

    /** Returns the state in which the call of before goes on, if it may do so. */
    @Nullable
    ChannelState going() {
        boolean maybe = isOfOneCall() || (before != null && before.call().stage() == Stage.OVER);
        return maybe && after != null && after.call().isOngoing() ? after : null;
    }

    /** Returns since when somebody is there whom this showed. */
    Instant seenAt() {
        return observation == null ? now : observation.askedAt();
    }

    /** Returns whether it came by an observation that shows all who are there. */
    boolean showsEveryone() {
        return observation != null && observation.users().namesEveryone();
    }

    /** Returns when the call began as is known afterwards. */
    Start start(ChannelState known) {
        var call = known.call();
        // Whether the call begins anew with a token is undecided: if so, that is another call, with a record of its
        // own.
        var at = call.storedStart() == null ? call.startedAt() : call.storedStart();
        return new Start(at, isToken(at, known), call.stage() == Stage.KNOWN);
    }

    /** Returns when a call that is on record began as is known afterwards. */
    Start start(ChannelState known, RecordDraft draft) {
        var start = start(known);
        boolean byToken = draft.start().at().equals(start.at())
                ? draft.start().byToken()
                : start.byToken() || (isRestored(start.at()) && !draft.isRecovered());
        return new Start(start.at(), byToken, start.certain());
    }

    private boolean isRestored(Instant at) {
        return before != null && at.equals(before.call().storedStart());
    }

    /** Returns whether a token is known to have been issued at a time. */
    private boolean isToken(Instant at, ChannelState known) {
        return isTicket(at, known.call().evidence())
                || (before != null
                        && (isTicket(at, before.call().evidence())
                                || at.equals(before.call().evidence().lastTokenAt())
                                || at.equals(known.call().evidence().lastTokenAt())));
    }

    private static boolean isTicket(Instant at, Evidence evidence) {
        var pending = evidence.pending();
        var dropped = evidence.dropped();
        return evidence.tickets().stream().map(Ticket::issuedAt).anyMatch(at::equals)
                || (pending != null && at.equals(pending.tokenAt()))
                || (dropped != null && (at.equals(dropped.first()) || at.equals(dropped.last())));
    }

    /** Works into a record who is there now. */
    void applyTo(RecordDraft draft, ChannelState known) {
        if (observation != null) {
            observe(draft, known, observation);
        } else if (before != null && !before.occupancy().equals(known.occupancy())) {
            hear(draft, before.occupancy(), known.occupancy());
        }
    }

    private static void observe(RecordDraft draft, ChannelState known, Observation observation) {
        var shown = observation.users().everyone();
        var askedAt = observation.askedAt();
        var pending = known.call().evidence().pending();
        boolean ofAnother = pending != null && pending.occupied();
        if (observation.users().isEmpty() || ofAnother) {
            draft.stays().shownAlone(shown, askedAt, false);
            return;
        }
        draft.seen(askedAt);
        for (var user : shown) {
            boolean leftSince = known.occupancy().departed().stream()
                    .anyMatch(gone -> gone.user().equals(user) && !gone.at().isBefore(askedAt));
            if (!leftSince) {
                draft.stays().shown(user, observation.answeredAt());
            }
        }
        if (observation.users().namesEveryone()) {
            draft.stays().shownAlone(shown, askedAt, true);
        }
    }

    private static void hear(RecordDraft draft, Occupancy before, Occupancy after) {
        for (var session : after.present()) {
            if (!session.isByLookup() && !before.present().contains(session)) {
                draft.seen(session.at());
                draft.stays().joined(session.user(), session.name(), session.at());
            }
        }
        for (var session : departures(before, after)) {
            draft.seen(session.at());
            draft.stays().left(session.user(), session.name(), session.at());
        }
    }

    /** Returns the sessions of users of which it told that they ended. */
    List<Session> departures() {
        return before == null || after == null ? List.of() : departures(before.occupancy(), after.occupancy());
    }

    private static List<Session> departures(Occupancy before, Occupancy after) {
        return after.departed().stream()
                .filter(session ->
                        !session.user().isEmpty() && !before.departed().contains(session))
                .toList();
    }

    /** Ends the record of a call that was in the channel before and is over now. */
    void end(RecordDraft draft, ChannelState known) {
        if (deletedFor != null) {
            boolean heard = !known.occupancy().isEmpty() && known.occupancy().isHeard();
            draft.stays().everybodyLeft(now, heard);
            draft.end(now, deletedFor);
            return;
        }
        var pending = known.call().evidence().pending();
        boolean heard = pending != null && pending.isByEvent();
        if (after != null && after.call().isOngoing() && known.call().mayBeSuperseded()) {
            // That one began with a token which found nobody there.
            var next = after.call().startedAt();
            draft.stays().everybodyLeft(next.isBefore(emptyAt(known)) ? next : emptyAt(known), heard);
            draft.stays().forgetSince(next);
        } else {
            draft.stays().everybodyLeft(emptyAt(known), heard);
        }
        draft.end(draft.stays().lastLeftAt(emptyAt(known)), EndReason.LEFT);
    }

    /** Returns when the channel was first seen to be empty. */
    Instant emptyAt(ChannelState known) {
        var pending = known.call().evidence().pending();
        return pending == null ? seenAt() : pending.emptyAt();
    }
}
