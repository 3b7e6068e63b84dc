package alirtc.appserver.call;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.call.Occupancy.Session;
import alirtc.appserver.call.OpenRecord.Doubt;
import alirtc.appserver.call.OpenRecord.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts calls on record: makes of each change of a channel what is on record of its call afterwards, and what is to be told.
 * A pure function, which changes nothing of what is believed of the call. All times are by the steady clock.
 *
 * <p>A call is on record from the moment at which somebody is known to be in it, to its end. How much its length may be off
 * is what its start may be off, and: a second if an event told the end; else the time from the last sign of somebody to
 * the first sign of nobody.
 *
 * <p>Two calls may prove to be one: when people are found after everybody seemed to have left, or after a restart. As long
 * as their start is not known, nothing is told. If it is not after the time until which the call on record is known, and one
 * of its users is there, that call has gone on.
 */
public final class Recorder {
    /** Puts nothing on record, and costs nothing. */
    public static final Recorder OFF = new Recorder(false);

    /** Puts every call on record. */
    public static final Recorder ON = new Recorder(true);

    private final boolean on;

    private Recorder(boolean on) {
        this.on = on;
    }

    /**
     * What a change came by.
     *
     * @param now when
     * @param observation what showed it; none if it was something else
     * @param deletedFor why the channel was deleted; none if it was not
     */
    private record Cause(
            Instant now,
            @Nullable Observation observation,
            @Nullable EndReason deletedFor) {}

    /** Returns whether calls are put on record. */
    public boolean isOn() {
        return on;
    }

    /** Returns a step that came by something else than the following. */
    public Transition changed(@Nullable ChannelState before, @Nullable ChannelState after, Instant now) {
        return step(before, after, new Cause(now, null, null));
    }

    /** Returns a step that came by an observation. */
    public Transition observed(@Nullable ChannelState before, @Nullable ChannelState after, Observation observation) {
        boolean late = before != null
                && observation.askedAt().isBefore(before.call().evidence().observedAt());
        return step(before, after, new Cause(observation.answeredAt(), late ? null : observation, null));
    }

    /** Returns a step that came by the channel's being deleted. */
    public Transition ended(ChannelState before, ChannelState after, EndReason reason, Instant now) {
        return step(before, after, new Cause(now, null, reason));
    }

    /** Returns the step of a call of which is told now that its limit is near. */
    public Transition warned(ChannelState state, Instant endsAt, Instant now) {
        var open = state.open();
        if (!on || open == null || !open.goesOn() || open.warned()) {
            return Transition.silent(state);
        }
        var notices = new ArrayList<CallNotice>();
        var draft = new RecordDraft(state.channel(), open, notices);
        draft.warn(now, endsAt);
        return new Transition(state.with(draft.toOpen()), notices);
    }

    private Transition step(@Nullable ChannelState before, @Nullable ChannelState after, Cause cause) {
        if (!on || Objects.equals(before, after)) {
            return Transition.silent(after);
        }
        var notices = new ArrayList<CallNotice>();
        var open = before == null ? null : before.open();
        if (open != null && before != null) {
            open = continued(before, after, doubtedIfFoundAgain(open, before, after), cause, notices);
        }
        if (after == null) {
            return new Transition(null, notices);
        }
        if ((open == null || (open.endedAt() != null && open.doubt() == null)) && isAttended(before, after, open)) {
            open = begun(before, after, cause, notices);
        }
        return new Transition(after.with(open), notices);
    }

    /** Returns a record that is in doubt if its call was over, and people are there or a token was issued. */
    private static OpenRecord doubtedIfFoundAgain(OpenRecord open, ChannelState before, @Nullable ChannelState after) {
        boolean foundAgain = before.call().stage() == Stage.OVER
                && after != null
                && after.call().stage() == Stage.PROVISIONAL
                && open.endedAt() != null;
        return foundAgain ? open.doubted(new Doubt(null)) : open;
    }

    /** Returns the record of before after a change; it goes on, is over, or is in doubt. */
    private static OpenRecord continued(
            ChannelState before, @Nullable ChannelState after, OpenRecord open, Cause cause, List<CallNotice> notices) {
        if (open.doubt() == null && open.endedAt() != null) {
            return open;
        }
        var draft = new RecordDraft(before.channel(), open, notices);
        var going = after != null
                        && after.call().isOngoing()
                        && (isSame(before, after) || before.call().stage() == Stage.OVER)
                ? after
                : null;
        if (open.doubt() != null) {
            var found = going == null ? new TreeSet<String>() : found(open.doubt(), going, cause);
            switch (verdict(going, found, open, open.doubt(), cause)) {
                case OPEN -> {
                    return found.isEmpty() || open.doubt().foundAt() != null
                            ? open
                            : open.doubted(new Doubt(cause.now));
                }
                case ANOTHER -> {
                    return open.endedAt() != null ? open.doubted(null) : lost(draft, before, open, cause);
                }
                case SAME -> {
                    var foundAt = open.doubt().foundAt() == null
                            ? cause.now
                            : open.doubt().foundAt();
                    draft.seen(foundAt);
                    draft.resume(found, foundAt);
                }
            }
        }
        if (going != null) {
            track(draft, before, going, cause);
        } else {
            close(draft, before, after, cause);
        }
        return draft.toOpen();
    }

    /** Whether the call in a channel is the one on record. */
    private enum Verdict {
        OPEN,
        SAME,
        ANOTHER
    }

    private static Verdict verdict(
            @Nullable ChannelState going, Set<String> found, OpenRecord open, Doubt doubt, Cause cause) {
        if (going == null) {
            return doubt.foundAt() != null || cause.deletedFor != null ? Verdict.SAME : Verdict.ANOTHER;
        }
        if (found.isEmpty()) {
            return Verdict.OPEN;
        }
        if (found.stream().noneMatch(open::knows)) {
            return Verdict.ANOTHER;
        }
        var startedAt = going.call().startedAt();
        return switch (going.call().stage()) {
            case PROVISIONAL -> Verdict.OPEN;
            // Nobody can tell since when they are there: after a restart the users have to do.
            case START_UNKNOWN -> open.endedAt() == null ? Verdict.SAME : Verdict.ANOTHER;
            default -> startedAt.isAfter(open.until()) ? Verdict.ANOTHER : Verdict.SAME;
        };
    }

    private static boolean isSame(ChannelState before, ChannelState after) {
        return before.call().id() == after.call().id();
    }

    /** Returns who was found in a channel since it is in doubt whose call is in it. */
    private static Set<String> found(Doubt doubt, ChannelState after, Cause cause) {
        var found = new TreeSet<>(after.occupancy().users());
        if (cause.observation != null) {
            found.addAll(cause.observation.users().everyone());
        }
        if (doubt.foundAt() != null) {
            found.addAll(after.call().evidence().members());
        }
        return found;
    }

    /** Ends the record of a call that was not seen any more after a restart. */
    private static OpenRecord lost(RecordDraft draft, ChannelState before, OpenRecord open, Cause cause) {
        var pending = before.call().evidence().pending();
        var emptyAt = pending == null ? cause.now : pending.emptyAt();
        draft.resume(Set.of(), cause.now);
        draft.everybodyLeft(open.seenAt(), false, null);
        var unseen = Duration.between(open.seenAt(), emptyAt);
        draft.close(open.seenAt(), EndReason.LOST, unseen.isNegative() ? Duration.ZERO : unseen);
        return draft.toOpen();
    }

    private static void track(RecordDraft draft, ChannelState before, ChannelState after, Cause cause) {
        draft.startsAt(start(draft, before, after));
        if (cause.observation != null) {
            observe(draft, after, cause.observation);
        } else if (!before.occupancy().equals(after.occupancy())) {
            hear(draft, before.occupancy(), after.occupancy());
        }
    }

    private static Start start(@Nullable RecordDraft draft, @Nullable ChannelState before, ChannelState after) {
        var at = after.call().startedAt();
        boolean certain = after.call().stage() == Stage.KNOWN;
        if (draft != null && draft.start().at().equals(at)) {
            return new Start(at, draft.start().byToken(), certain);
        }
        boolean byToken = isToken(at, before, after);
        boolean restored =
                draft != null && before != null && at.equals(before.call().storedStart());
        return new Start(at, byToken || (restored && !draft.isRecovered()), certain);
    }

    /** Returns whether a token is known to have been issued at a time. */
    private static boolean isToken(Instant at, @Nullable ChannelState before, ChannelState after) {
        return isTicket(at, after.call().evidence())
                || (before != null
                        && (isTicket(at, before.call().evidence())
                                || at.equals(before.call().evidence().lastTokenAt())
                                || at.equals(after.call().evidence().lastTokenAt())));
    }

    private static boolean isTicket(Instant at, Evidence evidence) {
        var pending = evidence.pending();
        var dropped = evidence.dropped();
        return evidence.tickets().stream().map(Ticket::issuedAt).anyMatch(at::equals)
                || (pending != null && at.equals(pending.tokenAt()))
                || (dropped != null && (at.equals(dropped.first()) || at.equals(dropped.last())));
    }

    private static void observe(RecordDraft draft, ChannelState after, Observation observation) {
        var shown = observation.users().everyone();
        var askedAt = observation.askedAt();
        var pending = after.call().evidence().pending();
        boolean ofAnother = pending != null && pending.occupied();
        if (observation.users().isEmpty() || ofAnother) {
            draft.missed(user -> !shown.contains(user), askedAt, false);
            return;
        }
        draft.seen(askedAt);
        for (var user : shown) {
            boolean leftSince = after.occupancy().departed().stream()
                    .anyMatch(gone -> gone.user().equals(user) && !gone.at().isBefore(askedAt));
            if (!leftSince) {
                draft.shown(user, observation.answeredAt());
            }
        }
        if (observation.users().namesEveryone()) {
            draft.missed(user -> !shown.contains(user), askedAt, true);
        }
    }

    private static void hear(RecordDraft draft, Occupancy before, Occupancy after) {
        for (var session : after.present()) {
            if (!session.isByLookup() && !before.present().contains(session)) {
                draft.joined(session.user(), session.name(), session.at());
            }
        }
        for (var session : newDepartures(before, after)) {
            draft.left(session.user(), session.name(), session.at());
        }
    }

    /** Returns the sessions of users of which a change told that they ended. */
    private static List<Session> newDepartures(Occupancy before, Occupancy after) {
        return after.departed().stream()
                .filter(session ->
                        !session.user().isEmpty() && !before.departed().contains(session))
                .toList();
    }

    private static void close(RecordDraft draft, ChannelState before, @Nullable ChannelState after, Cause cause) {
        if (cause.deletedFor != null) {
            boolean heard = !before.occupancy().isEmpty() && before.occupancy().isHeard();
            draft.everybodyLeft(cause.now, heard, null);
            draft.close(cause.now, cause.deletedFor, draft.endError(cause.now));
            return;
        }
        var pending = before.call().evidence().pending();
        var emptyAt = pending != null
                ? pending.emptyAt()
                : cause.observation != null ? cause.observation.askedAt() : cause.now;
        var next = after != null && after.call().isOngoing() ? after.call().startedAt() : null;
        var leftAt = next != null && next.isBefore(emptyAt) ? next : emptyAt;
        draft.everybodyLeft(leftAt, pending != null && pending.isByEvent(), next);
        var end = draft.lastLeftAt(leftAt);
        draft.close(end, EndReason.LEFT, draft.endError(end));
    }

    /**
     * Returns whether somebody has come to a call of which nothing is on record: is there, or was there until just now. Who
     * is told to have left, and was in the call before, has left that one.
     */
    private static boolean isAttended(@Nullable ChannelState before, ChannelState after, @Nullable OpenRecord earlier) {
        if (!after.call().isOngoing()) {
            return false;
        }
        return after.isLive()
                || (before != null
                        && isSame(before, after)
                        && newDepartures(before.occupancy(), after.occupancy()).stream()
                                .anyMatch(session -> earlier == null || !earlier.knows(session.user())));
    }

    private static OpenRecord begun(
            @Nullable ChannelState before, ChannelState after, Cause cause, List<CallNotice> notices) {
        var draft = RecordDraft.begun(
                after.channel(),
                after.call(),
                start(null, before, after),
                cause.observation == null ? cause.now : cause.observation.askedAt(),
                cause.now,
                notices);
        for (var session : after.occupancy().present()) {
            if (session.isByLookup()) {
                draft.shown(session.user(), session.at());
            } else {
                draft.joined(session.user(), session.name(), session.at());
            }
        }
        if (cause.observation != null) {
            observe(draft, after, cause.observation);
        } else if (before != null) {
            hear(draft, before.occupancy(), after.occupancy());
        }
        return draft.toOpen();
    }
}
