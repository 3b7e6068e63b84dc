package alirtc.appserver.call;

import alirtc.appserver.call.CallRecord.Source;
import alirtc.appserver.call.OpenRecord.DroppedStays;
import alirtc.appserver.call.OpenRecord.Start;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The record of one call while a change of its channel is worked into it. Confined to that change. */
final class RecordDraft {
    /** After so many notices of a call the coming and going of its users is told no more: events can be forged. */
    static final int MAX_TOLD = 1_000;

    /** How late an event is at most that comes as it should: a whole second. */
    private static final Duration EVENT_DELAY = Duration.ofSeconds(1);

    private final ChannelId channel;
    private final List<CallNotice> notices;
    private final StayBook stays;
    private final String callId;
    private final @Nullable Instant notBefore;
    private int told;
    private int correction;
    private Start start;
    private boolean recovered;
    private boolean warned;
    private Instant seenAt;
    private @Nullable Instant endedAt;

    /**
     * Takes up what is on record so far.
     *
     * @param notices takes what is to be told
     */
    RecordDraft(ChannelId channel, OpenRecord open, List<CallNotice> notices) {
        this.channel = channel;
        this.notices = notices;
        this.stays = new StayBook(open.stays(), open.dropped(), this::tellOf);
        this.callId = open.callId();
        this.told = open.told();
        this.correction = open.correction();
        this.start = open.start();
        this.notBefore = open.notBefore();
        this.recovered = open.recovered();
        this.warned = open.warned();
        this.seenAt = open.seenAt();
        this.endedAt = open.endedAt();
    }

    /**
     * Returns the record of a call in which somebody is seen for the first time, and tells of it.
     *
     * @param before what is on record of the call before it in its channel, if anything is
     * @param seenAt since when somebody was there
     * @param at when that is known
     */
    static RecordDraft begun(
            ChannelState state,
            @Nullable OpenRecord before,
            Start start,
            Instant seenAt,
            Instant at,
            List<CallNotice> notices) {
        var open = new OpenRecord(
                HexFormat.of().toHexDigits(state.call().id()),
                0,
                0,
                start,
                before == null ? null : before.endedAt(),
                !start.byToken(),
                false,
                seenAt,
                List.of(),
                DroppedStays.NONE,
                null,
                null);
        var draft = new RecordDraft(state.channel(), open, notices);
        draft.tell(CallNotice.Type.STARTED, at, null, null, null);
        return draft;
    }

    /** Returns what is on record now. */
    OpenRecord toOpen() {
        return new OpenRecord(
                callId,
                told,
                correction,
                start,
                notBefore,
                recovered,
                warned,
                seenAt,
                stays.all(),
                stays.dropped(),
                null,
                endedAt);
    }

    StayBook stays() {
        return stays;
    }

    Start start() {
        return start;
    }

    /** Returns when the time begins that is the call's own. */
    private Instant begin() {
        return notBefore != null && start.at().isBefore(notBefore) ? notBefore : start.at();
    }

    /** Returns whether it was found in progress. */
    boolean isRecovered() {
        return recovered;
    }

    /** Records when the call began; one that was found again keeps a start that is earlier. */
    void startsAt(Start now) {
        boolean keptIfEarlier = recovered || correction > 0;
        if (!keptIfEarlier || !now.at().isAfter(start.at())) {
            recovered |= !now.byToken();
            start = now;
        }
    }

    /** Records that somebody of the call was there at a time. */
    void seen(Instant at) {
        if (at.isAfter(seenAt)) {
            seenAt = at;
        }
    }

    /** Tells that the limit is near. */
    void warn(Instant at, Instant endsAt) {
        warned = true;
        tell(CallNotice.Type.ENDING, at, null, endsAt, null);
    }

    /**
     * Records that the call proved to have gone on: a final record that was made of it is to be corrected.
     *
     * @param found who is in the channel; nobody if that is not known any more, and those who left last were there
     * @param at when they were found
     */
    void resume(Set<String> found, Instant at) {
        seen(at);
        if (endedAt == null) {
            recovered = true;
        } else {
            correction++;
            stays.resume(found, endedAt, at);
            endedAt = null;
        }
        found.forEach(user -> stays.shown(user, at));
    }

    /** Ends a call that was not seen any more after a restart, when somebody was last seen in it. */
    void lost(Instant emptyAt) {
        recovered = true;
        stays.everybodyLeft(seenAt, false);
        var unseen = Duration.between(seenAt, emptyAt);
        end(seenAt, EndReason.LOST, unseen.isNegative() ? Duration.ZERO : unseen);
    }

    /** Makes the final record and tells of it. All stays have to be over. */
    void end(Instant at, EndReason reason) {
        var unseen = Duration.between(seenAt, at);
        end(at, reason, stays.heardOfLeaveAt(at) ? EVENT_DELAY : unseen.isNegative() ? Duration.ZERO : unseen);
    }

    private void end(Instant at, EndReason reason, Duration error) {
        var begin = begin();
        var end = at.isBefore(begin) ? begin : at;
        endedAt = end;
        var record = new CallRecord(
                callId,
                channel,
                correction,
                begin,
                end,
                stays.talked(begin, end),
                stays.within(begin, end),
                reason,
                recovered ? Source.RECOVERED : stays.isHeard() ? Source.EVENTS : Source.OBSERVATIONS,
                start.error().map(error::plus));
        tell(CallNotice.Type.ENDED, end, null, null, record);
    }

    private void tellOf(CallNotice.Type type, String user, Instant at) {
        if (told < MAX_TOLD) {
            tell(type, at, user, null, null);
        }
    }

    private void tell(
            CallNotice.Type type,
            Instant at,
            @Nullable String user,
            @Nullable Instant endsAt,
            @Nullable CallRecord record) {
        told++;
        notices.add(new CallNotice(type, callId, told, channel, at, begin(), user, endsAt, record));
    }
}
