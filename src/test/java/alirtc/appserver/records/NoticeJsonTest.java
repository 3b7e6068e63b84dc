package alirtc.appserver.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.call.CallNotice;
import alirtc.appserver.call.CallRecord;
import alirtc.appserver.call.CallRecord.Source;
import alirtc.appserver.call.EndReason;
import alirtc.appserver.call.Stay;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class NoticeJsonTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00.123456Z");
    private static final String CALL = "00ff00ff00ff00ff";
    private static final ChannelId CHANNEL = new ChannelId("room-1");
    private static final CallRecord RECORD = new CallRecord(
            CALL,
            CHANNEL,
            1,
            START,
            START.plusSeconds(60),
            Duration.ofMillis(30_500),
            List.of(
                    new Stay("alice", "1f", START, START.plusSeconds(60)),
                    new Stay("bob", "", START.plusSeconds(2), START.plusMillis(32_500))),
            EndReason.LEFT,
            Source.EVENTS,
            Optional.of(Duration.ofNanos(1_000_000_001)));

    private final AtomicReference<Instant> wall = new AtomicReference<>(START);
    private final SteadyClock clock = new SteadyClock(wall::get, () -> 0);

    @Test
    void notice_ofAUser_hasHerNameAndNoMore() {
        var notice = new CallNotice(
                CallNotice.Type.USER_JOINED, CALL, 2, CHANNEL, START.plusSeconds(2), START, "bob", null, null);
        assertEquals(
                "{\"type\":\"call.user_joined\",\"timestamp\":\"2026-11-29T12:00:02.123Z\",\"data\":{\"version\":1,"
                        + "\"callId\":\"00ff00ff00ff00ff\",\"seq\":2,\"channel\":\"room-1\","
                        + "\"at\":\"2026-11-29T12:00:02.123Z\",\"atMillis\":1795953602123,"
                        + "\"startedAt\":\"2026-11-29T12:00:00.123Z\",\"startedAtMillis\":1795953600123,"
                        + "\"user\":\"bob\"}}",
                new NoticeJson(clock).write(notice));
    }

    @Test
    void notice_ofALimit_saysWhenItIsReached() {
        var notice = new CallNotice(
                CallNotice.Type.ENDING, CALL, 3, CHANNEL, START, START, null, START.plusSeconds(60), null);
        assertEquals(
                "{\"type\":\"call.ending\",\"timestamp\":\"2026-11-29T12:00:00.123Z\",\"data\":{\"version\":1,"
                        + "\"callId\":\"00ff00ff00ff00ff\",\"seq\":3,\"channel\":\"room-1\","
                        + "\"at\":\"2026-11-29T12:00:00.123Z\",\"atMillis\":1795953600123,"
                        + "\"startedAt\":\"2026-11-29T12:00:00.123Z\",\"startedAtMillis\":1795953600123,"
                        + "\"endsAt\":\"2026-11-29T12:01:00.123Z\",\"endsAtMillis\":1795953660123}}",
                new NoticeJson(clock).write(notice));
    }

    @Test
    void message_ofANotice_isNamedByCallAndNumber() {
        var notice = new CallNotice(CallNotice.Type.ENDED, CALL, 4, CHANNEL, START, START, null, null, RECORD);
        var json = new NoticeJson(clock);
        assertEquals(
                new Outbox.Message(
                        "msg_00ff00ff00ff00ff_4", CALL, 4, "call.ended", json.write(notice), START.plusSeconds(1), 0),
                json.message(notice, START.plusSeconds(1)));
    }

    @Test
    void record_written_hasEveryField() {
        assertEquals(
                "{\"callId\":\"00ff00ff00ff00ff\",\"channel\":\"room-1\",\"correction\":1,"
                        + "\"startedAt\":\"2026-11-29T12:00:00.123Z\",\"startedAtMillis\":1795953600123,"
                        + "\"endedAt\":\"2026-11-29T12:01:00.123Z\",\"endedAtMillis\":1795953660123,"
                        + "\"durationMillis\":60000,\"talkMillis\":30500,\"users\":["
                        + "{\"user\":\"alice\",\"session\":\"1f\","
                        + "\"joinedAt\":\"2026-11-29T12:00:00.123Z\",\"joinedAtMillis\":1795953600123,"
                        + "\"leftAt\":\"2026-11-29T12:01:00.123Z\",\"leftAtMillis\":1795953660123},"
                        + "{\"user\":\"bob\",\"session\":\"\","
                        + "\"joinedAt\":\"2026-11-29T12:00:02.123Z\",\"joinedAtMillis\":1795953602123,"
                        + "\"leftAt\":\"2026-11-29T12:00:32.623Z\",\"leftAtMillis\":1795953632623}],"
                        + "\"endReason\":\"left\",\"evidence\":\"events\",\"errorMillis\":1001}",
                new RecordJson(clock).write(RECORD));
    }

    @Test
    void record_read_isWhatWasWrittenToTheMillisecond() {
        var json = new RecordJson(clock);
        var read = json.read(json.write(RECORD)).orElseThrow();
        assertEquals(Instant.parse("2026-11-29T12:00:00.123Z"), read.startedAt());
        assertEquals(json.write(RECORD), json.write(read));
    }

    @Test
    void record_readAfterTheClockWasSet_isToldAsItWasWritten() {
        var before = new RecordJson(clock).write(RECORD);
        wall.set(START.plusSeconds(3_600));
        var json = new RecordJson(clock);
        assertEquals(before, json.write(json.read(before).orElseThrow()));
    }

    @Test
    void record_thatIsNone_isNotRead() {
        var json = new RecordJson(clock);
        assertEquals(Optional.empty(), json.read("{}"));
        assertEquals(Optional.empty(), json.read("no JSON"));
        assertEquals(Optional.empty(), json.read(json.write(RECORD).replace("\"left\"", "\"fled\"")));
    }
}
