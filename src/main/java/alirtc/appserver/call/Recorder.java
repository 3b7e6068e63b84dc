package alirtc.appserver.call;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.Occupancy.Session;
import alirtc.appserver.call.OpenRecord.Doubt;
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

    /** Returns a step that came by something else than the following. */
    public Transition changed(@Nullable ChannelState before, @Nullable ChannelState after, Instant now) {
        return on ? step(new RecordChange(before, after, now, null, null)) : Transition.silent(after);
    }

    /** Returns a step that came by an observation. */
    public Transition observed(@Nullable ChannelState before, @Nullable ChannelState after, Observation observation) {
        if (!on) {
            return Transition.silent(after);
        }
        boolean late = before != null
                && observation.askedAt().isBefore(before.call().evidence().observedAt());
        return step(new RecordChange(before, after, observation.answeredAt(), late ? null : observation, null));
    }

    /** Returns a step that came by the channel's being deleted. */
    public Transition ended(ChannelState before, ChannelState after, EndReason reason, Instant now) {
        return on ? step(new RecordChange(before, after, now, null, reason)) : Transition.silent(after);
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

    private static Transition step(RecordChange change) {
        var before = change.before();
        var after = change.after();
        if (Objects.equals(before, after)) {
            return Transition.silent(after);
        }
        var notices = new ArrayList<CallNotice>();
        var open = before == null ? null : before.open();
        if (before != null && open != null) {
            open = continued(change, before, isFoundAgain(change) ? open.doubted(new Doubt(null)) : open, notices);
        }
        if (after == null) {
            return new Transition(null, notices);
        }
        boolean isFree = open == null || (open.endedAt() != null && open.doubt() == null);
        return new Transition(
                after.with(isFree && isAttended(change, after) ? begun(change, after, open, notices) : open), notices);
    }

    /** Returns whether people are found, or a token is issued, after a call was over, so that it may have gone on. */
    private static boolean isFoundAgain(RecordChange change) {
        var going = change.going();
        return !change.isOfOneCall() && going != null && going.call().stage() == Stage.PROVISIONAL;
    }

    /** Returns the record of before after a change: it goes on, is final, or is in doubt. */
    private static OpenRecord continued(
            RecordChange change, ChannelState before, OpenRecord open, List<CallNotice> notices) {
        var doubt = open.doubt();
        if (doubt == null && open.endedAt() != null) {
            return open;
        }
        var draft = new RecordDraft(before.channel(), open, notices);
        if (doubt != null) {
            var found = found(change, doubt);
            var verdict = verdict(change, found, open, doubt);
            if (verdict == Verdict.OPEN) {
                return doubt.foundAt() == null && found.stream().anyMatch(open::knows)
                        ? open.doubted(new Doubt(change.now()))
                        : open;
            }
            if (verdict == Verdict.ANOTHER && open.endedAt() != null) {
                return open.doubted(null);
            }
            if (verdict == Verdict.ANOTHER) {
                draft.lost(change.emptyAt(before));
                return draft.toOpen();
            }
            if (change.going() != null) {
                joinAllHeard(draft, change.going());
            }
            draft.resume(found, doubt.foundAt() == null ? change.now() : doubt.foundAt());
        }
        var going = change.going();
        if (going == null) {
            change.end(draft, before);
        } else {
            draft.startsAt(change.start(going, draft));
            change.applyTo(draft, going);
        }
        return draft.toOpen();
    }

    /** Whether the call in a channel is the one on record. */
    private enum Verdict {
        OPEN,
        SAME,
        ANOTHER
    }

    private static Verdict verdict(RecordChange change, Set<String> found, OpenRecord open, Doubt doubt) {
        var going = change.going();
        if (going == null) {
            return doubt.foundAt() != null || change.deletedFor() != null ? Verdict.SAME : Verdict.ANOTHER;
        }
        if (found.stream().noneMatch(open::knows)) {
            // That others joined does not tell that those of the call have left.
            return !found.isEmpty() && change.showsEveryone() ? Verdict.ANOTHER : Verdict.OPEN;
        }
        return switch (going.call().stage()) {
            case PROVISIONAL -> Verdict.OPEN;
            // Nobody can tell since when they are there: after a restart the users have to do.
            case START_UNKNOWN -> open.endedAt() == null ? Verdict.SAME : Verdict.ANOTHER;
            default -> going.call().startedAt().isAfter(open.until()) ? Verdict.ANOTHER : Verdict.SAME;
        };
    }

    /** Returns who was found in the channel since it is in doubt whose call is in it. */
    private static Set<String> found(RecordChange change, Doubt doubt) {
        var going = change.going();
        var found = new TreeSet<String>();
        if (going != null) {
            found.addAll(going.occupancy().users());
            if (change.observation() != null) {
                found.addAll(change.observation().users().everyone());
            }
            if (doubt.foundAt() != null) {
                found.addAll(going.call().evidence().members());
            }
        }
        return found;
    }

    /**
     * Returns whether somebody has come to a call of which nothing is on record: is there, or was there until just now by one
     * of its tokens. Who else is told to have left may have left an earlier call: such an event comes late.
     */
    private static boolean isAttended(RecordChange change, ChannelState after) {
        var tickets = after.call().evidence().tickets();
        return after.isLive()
                || (after.call().isOngoing()
                        && change.isOfOneCall()
                        && change.departures().stream()
                                .anyMatch(session -> tickets.stream()
                                        .anyMatch(ticket -> ticket.user().equals(session.user()))));
    }

    private static OpenRecord begun(
            RecordChange change, ChannelState after, @Nullable OpenRecord earlier, List<CallNotice> notices) {
        var draft = RecordDraft.begun(after, earlier, change.start(after), change.seenAt(), change.now(), notices);
        joinAllHeard(draft, after);
        after.occupancy().present().stream()
                .filter(Session::isByLookup)
                .forEach(session -> draft.stays().shown(session.user(), session.at()));
        change.applyTo(draft, after);
        return draft.toOpen();
    }

    private static void joinAllHeard(RecordDraft draft, ChannelState state) {
        state.occupancy().present().stream()
                .filter(session -> !session.isByLookup())
                .forEach(session -> draft.stays().joined(session.user(), session.name(), session.at()));
    }
}
