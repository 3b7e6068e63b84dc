package alirtc.appserver.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A channel whose calls are put on record while a test has things happen in it; times are in seconds. */
final class Tracked {
    static final ChannelId ROOM = new ChannelId("room1");
    static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private final ChannelPolicy policy;
    private final List<CallNotice> notices = new ArrayList<>();
    private long ids = 0x100;

    @Nullable
    ChannelState state;

    private Tracked(SeatPolicy seats, EventPolicy events) {
        policy = new ChannelPolicy(seats, TestPolicies.PROMPT, events, false);
    }

    /** Returns a channel of which events tell. */
    static Tracked heard() {
        return new Tracked(SeatPolicy.UNLIMITED, EventPolicy.HEARD);
    }

    /** Returns a channel of which nothing is known but by lookups. */
    static Tracked unheard() {
        return new Tracked(SeatPolicy.UNLIMITED, EventPolicy.OFF);
    }

    /** Returns such a channel with two seats, which wait for a minute. */
    static Tracked seated() {
        return new Tracked(new SeatPolicy(2, Duration.ofMinutes(1), Duration.ofHours(1)), EventPolicy.OFF);
    }

    static Instant at(double seconds) {
        return T0.plusMillis(Math.round(seconds * 1000));
    }

    private Tracked take(Transition transition) {
        state = transition.after();
        notices.addAll(transition.notices());
        return this;
    }

    private Tracked change(double now, UnaryOperator<ChannelState> step) {
        return take(Recorder.ON.changed(state, step.apply(Objects.requireNonNull(state)), at(now)));
    }

    Tracked token(double at, String user) {
        var before = state;
        var after = before == null
                ? ChannelState.begun(ROOM, ++ids, Tickets.of(new UserId(user), at(at)), policy)
                : before.tokenIssued(++ids, Tickets.of(new UserId(user), at(at)), policy);
        return take(Recorder.ON.changed(before, after, at(at)));
    }

    /** A lookup that is answered a tenth of a second later. */
    Tracked look(double at, String... users) {
        var observation = new Observation(at(at), at(at + 0.1), ShownUsers.users(users));
        var before = Objects.requireNonNull(state);
        return take(Recorder.ON.observed(
                before, before.observed(++ids, observation, policy).orElse(null), observation));
    }

    Tracked join(double at, String user, String session) {
        return event(at, Kind.JOIN, user, session);
    }

    Tracked leave(double at, String user, String session) {
        return event(at, Kind.LEAVE, user, session);
    }

    Tracked close(double at) {
        return event(at, Kind.CLOSE, "", "close" + at);
    }

    private Tracked event(double at, Kind kind, String user, String session) {
        return change(at, before -> before.told(new ChannelEvent(ROOM, kind, user, session), at(at), policy));
    }

    /** Those in the channel are asked since when. */
    Tracked joinsTold(double now, double earliest) {
        return change(
                now,
                before -> before.startLearned(Optional.of(new Joins(at(now), at(earliest), at(earliest + 1))), policy));
    }

    Tracked nobodyTellsJoins(double now) {
        return change(now, before -> before.startLearned(Optional.empty(), policy));
    }

    Tracked deleted(double at, EndReason reason) {
        var before = Objects.requireNonNull(state);
        return take(Recorder.ON.ended(before, before.ended(++ids, at(at)), reason, at(at)));
    }

    Tracked warned(double at, double endsAt) {
        return take(Recorder.ON.warned(Objects.requireNonNull(state), at(endsAt), at(at)));
    }

    Tracked forgotten(double at) {
        return take(Recorder.ON.changed(state, null, at(at)));
    }

    /** The server ends and is started again with what was written down. */
    Tracked restarted(double at) {
        var open = Objects.requireNonNull(Objects.requireNonNull(state).open());
        state = ChannelState.onRecord(ROOM, ++ids, open, at(at));
        return this;
    }

    /** Returns what was told, a line each: what, of whom, and at which second. */
    List<String> told() {
        var lines = new ArrayList<String>();
        var calls = new ArrayList<String>();
        var numbers = new ArrayList<Integer>();
        for (var notice : notices) {
            int call = calls.indexOf(notice.callId());
            if (call < 0) {
                call = calls.size();
                calls.add(notice.callId());
                numbers.add(0);
            }
            numbers.set(call, numbers.get(call) + 1);
            assertEquals(numbers.get(call), notice.seq(), "the number of " + notice);
            var user = notice.user() == null ? "" : " " + notice.user();
            lines.add((call + 1) + " " + notice.type().word().substring("call.".length()) + user + " "
                    + seconds(notice.at()));
        }
        return lines;
    }

    /** Returns the records that were made, in their order. */
    List<CallRecord> records() {
        return notices.stream()
                .flatMap(notice -> Optional.ofNullable(notice.record()).stream())
                .toList();
    }

    /** Returns the only record that was made. */
    CallRecord record() {
        assertEquals(1, records().size(), () -> told().toString());
        return records().get(0);
    }

    /** Returns a record in a line: correction, start to end, how long was talked, why it ended, by what, how much off. */
    static String line(CallRecord record) {
        return record.correction() + ": " + seconds(record.startedAt()) + "-" + seconds(record.endedAt()) + " talked "
                + seconds(record.talked()) + " " + record.endReason() + " " + record.evidence() + " +-"
                + record.error().map(Tracked::seconds).orElse("?");
    }

    /** Returns the stays of a record, each in a word. */
    static List<String> stays(CallRecord record) {
        return record.stays().stream()
                .map(stay -> stay.user() + ":" + seconds(stay.joinedAt()) + "-"
                        + seconds(Objects.requireNonNull(stay.leftAt())))
                .toList();
    }

    private static String seconds(Instant at) {
        return seconds(Duration.between(T0, at));
    }

    private static String seconds(Duration time) {
        var text = Double.toString(time.toMillis() / 1000.0);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
