package alirtc.appserver.call;

import alirtc.appserver.call.CallRecord.Source;
import alirtc.appserver.call.OpenRecord.DroppedStays;
import alirtc.appserver.call.OpenRecord.Start;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The record of one call while a change of its channel is worked into it. Confined to that change. */
final class RecordDraft {
    /** So many stays are kept one by one. */
    static final int MAX_STAYS = 32;

    /** After so many notices of a call the coming and going of its users is told no more: events can be forged. */
    static final int MAX_TOLD = 1_000;

    /** How late an event is at most that comes as it should: a whole second. */
    private static final Duration EVENT_DELAY = Duration.ofSeconds(1);

    private final ChannelId channel;
    private final List<CallNotice> notices;
    private final ArrayList<OpenStay> stays;
    private final String callId;
    private int told;
    private int correction;
    private Start start;
    private boolean recovered;
    private boolean warned;
    private Instant seenAt;
    private DroppedStays dropped;
    private @Nullable Instant endedAt;

    /**
     * Takes up what is on record so far.
     *
     * @param notices takes what is to be told
     */
    RecordDraft(ChannelId channel, OpenRecord open, List<CallNotice> notices) {
        this.channel = channel;
        this.notices = notices;
        this.stays = new ArrayList<>(open.stays());
        this.callId = open.callId();
        this.told = open.told();
        this.correction = open.correction();
        this.start = open.start();
        this.recovered = open.recovered();
        this.warned = open.warned();
        this.seenAt = open.seenAt();
        this.dropped = open.dropped();
        this.endedAt = open.endedAt();
    }

    /**
     * Returns the record of a call in which somebody is seen for the first time, and tells of it.
     *
     * @param seenAt since when somebody was there
     * @param at when that is known
     */
    static RecordDraft begun(
            ChannelId channel, Call call, Start start, Instant seenAt, Instant at, List<CallNotice> notices) {
        var open = new OpenRecord(
                HexFormat.of().toHexDigits(call.id()),
                0,
                0,
                start,
                !start.byToken(),
                false,
                seenAt,
                List.of(),
                DroppedStays.NONE,
                null,
                null);
        var draft = new RecordDraft(channel, open, notices);
        draft.tell(CallNotice.Type.STARTED, at, null, null, null);
        return draft;
    }

    /** Returns what is on record now. */
    OpenRecord toOpen() {
        return new OpenRecord(
                callId, told, correction, start, recovered, warned, seenAt, stays, dropped, null, endedAt);
    }

    boolean isRecovered() {
        return recovered;
    }

    Start start() {
        return start;
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

    /** Records an event that a user joined. */
    void joined(String user, String session, Instant at) {
        seen(at);
        if (find(stay -> stay.isOf(user, session)) >= 0) {
            return;
        }
        int byLookup = find(stay -> stay.goesOn() && stay.isOf(user, ""));
        if (byLookup >= 0) {
            stays.set(byLookup, stays.get(byLookup).of(session, true));
        } else {
            add(OpenStay.begun(user, session, at, true));
        }
    }

    /** Records an event that a user left, who was there until then. */
    void left(String user, String session, Instant at) {
        seen(at);
        int known = find(stay -> stay.isOf(user, session));
        if (known >= 0) {
            end(known, stays.get(known), at, true);
            return;
        }
        int byLookup = find(stay -> stay.goesOn() && stay.isOf(user, ""));
        if (byLookup >= 0) {
            end(byLookup, stays.get(byLookup).of(session, false), at, true);
        } else if (find(stay -> stay.goesOn() && stay.isOf(user)) < 0) {
            // Nothing told that the user came.
            var stay = OpenStay.begun(user, session, at, false);
            if (add(stay)) {
                end(stays.size() - 1, stay, at, true);
            }
        }
    }

    /** Records that a user was shown by an observation. */
    void shown(String user, Instant firstSeenAt) {
        boolean known = false;
        for (int i = 0; i < stays.size(); i++) {
            var stay = stays.get(i);
            if (stay.goesOn() && stay.isOf(user)) {
                stays.set(i, stay.shown());
                known = true;
            }
        }
        if (!known) {
            add(OpenStay.begun(user, "", firstSeenAt, false));
        }
    }

    /**
     * Records that some users were not shown by an observation. Who is not for the second time has left since the first, if
     * others were shown.
     */
    void missed(Predicate<String> users, Instant askedAt, boolean othersShown) {
        for (int i = 0; i < stays.size(); i++) {
            var stay = stays.get(i);
            if (!stay.goesOn()
                    || !users.test(stay.user())
                    || !stay.stay().joinedAt().isBefore(askedAt)) {
                continue;
            }
            var missedAt = stay.missedAt();
            if (missedAt == null) {
                stays.set(i, stay.missed(askedAt));
            } else if (othersShown && !askedAt.isBefore(missedAt.plus(Observation.CONFIRMATION_GAP))) {
                end(i, stay, missedAt, false);
            }
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
        if (endedAt == null) {
            recovered = true;
        } else {
            correction++;
            for (int i = 0; i < stays.size(); i++) {
                var stay = stays.get(i);
                if (endedAt.equals(stay.stay().leftAt()) && (found.isEmpty() || found.contains(stay.user()))) {
                    stays.set(i, stay.resumed());
                    tellOf(CallNotice.Type.USER_JOINED, stay.user(), at);
                }
            }
            endedAt = null;
        }
        found.forEach(user -> shown(user, at));
    }

    /** Ends the stays that go on, and forgets those of which a later call is the right one. */
    void everybodyLeft(Instant at, boolean heard, @Nullable Instant nextBegins) {
        for (int i = 0; i < stays.size(); i++) {
            end(i, stays.get(i), at, heard);
        }
        if (nextBegins != null) {
            stays.removeIf(stay -> !stay.stay().joinedAt().isBefore(nextBegins));
        }
    }

    /** Returns when the last stay ended; a time if there was none. */
    Instant lastLeftAt(Instant otherwise) {
        return stays.stream()
                .map(stay -> stay.leftAt(otherwise))
                .max(Comparator.naturalOrder())
                .orElse(otherwise);
    }

    /** Returns how much the end may be off, if it is when the last stay ended. */
    Duration endError(Instant end) {
        boolean heard = stays.stream()
                .anyMatch(stay -> stay.leaveHeard() && end.equals(stay.stay().leftAt()));
        var unseen = Duration.between(seenAt, end);
        return heard ? EVENT_DELAY : unseen.isNegative() ? Duration.ZERO : unseen;
    }

    /** Makes the final record and tells of it. All stays have to be over. */
    void close(Instant end, EndReason reason, Duration endError) {
        endedAt = end.isBefore(start.at()) ? start.at() : end;
        var duration = Duration.between(start.at(), endedAt);
        var from = dropped.until().isAfter(start.at()) ? dropped.until() : start.at();
        var talked = dropped.talked().plus(TalkTime.of(stays, from, endedAt));
        var record = new CallRecord(
                callId,
                channel,
                correction,
                start.at(),
                endedAt,
                talked.compareTo(duration) > 0 ? duration : talked,
                clipped(endedAt),
                reason,
                evidence(),
                start.error().map(endError::plus));
        tell(CallNotice.Type.ENDED, endedAt, null, null, record);
    }

    private Source evidence() {
        if (recovered) {
            return Source.RECOVERED;
        }
        boolean heard = stays.stream().allMatch(stay -> stay.joinHeard() && stay.leaveHeard());
        return heard && !stays.isEmpty() ? Source.EVENTS : Source.OBSERVATIONS;
    }

    private List<Stay> clipped(Instant end) {
        var begin = start.at();
        return stays.stream()
                .map(OpenStay::stay)
                .filter(stay -> stay.leftAt() == null || !stay.leftAt().isBefore(begin))
                .map(stay -> new Stay(
                        stay.user(),
                        stay.session(),
                        within(begin, stay.joinedAt(), end),
                        within(begin, stay.leftAt() == null ? end : stay.leftAt(), end)))
                .sorted(Comparator.comparing(Stay::joinedAt))
                .toList();
    }

    private static Instant within(Instant begin, Instant at, Instant end) {
        return at.isBefore(begin) ? begin : at.isAfter(end) ? end : at;
    }

    /** Adds a stay that goes on, and tells of it; returns whether there is room for it. */
    private boolean add(OpenStay stay) {
        if (stays.size() >= MAX_STAYS && !dropOldest()) {
            return false;
        }
        stays.add(stay);
        tellOf(CallNotice.Type.USER_JOINED, stay.user(), stay.stay().joinedAt());
        return true;
    }

    private boolean dropOldest() {
        var oldest = stays.stream()
                .filter(stay -> !stay.goesOn())
                .min(Comparator.comparing(stay -> stay.leftAt(Instant.MAX)));
        oldest.ifPresent(stay -> {
            var until = stay.leftAt(Instant.MAX);
            var from = dropped.until().isAfter(start.at()) ? dropped.until() : start.at();
            dropped = new DroppedStays(dropped.talked().plus(TalkTime.of(stays, from, until)), until);
            stays.remove(stay);
        });
        return oldest.isPresent();
    }

    private void end(int index, OpenStay stay, Instant at, boolean heard) {
        if (stay.goesOn()) {
            var ended = stay.left(at, heard);
            stays.set(index, ended);
            tellOf(CallNotice.Type.USER_LEFT, ended.user(), ended.leftAt(at));
        }
    }

    private int find(Predicate<OpenStay> condition) {
        for (int i = 0; i < stays.size(); i++) {
            if (condition.test(stays.get(i))) {
                return i;
            }
        }
        return -1;
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
        notices.add(new CallNotice(type, callId, told, channel, at, start.at(), user, endsAt, record));
    }
}
