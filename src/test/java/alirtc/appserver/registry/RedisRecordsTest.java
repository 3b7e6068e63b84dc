package alirtc.appserver.registry;

import static alirtc.appserver.registry.AwaitedRegistry.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallRecord;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.EndReason;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.records.Outbox;
import alirtc.appserver.records.Outbox.Counts;
import alirtc.appserver.records.Outbox.Message;
import alirtc.appserver.records.RedisOutbox;
import alirtc.appserver.records.RedisRecords;
import alirtc.appserver.redis.RedisRelay;
import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records and messages in a real Redis, written with the calls that they are about. */
@Timeout(60)
class RedisRecordsTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration KEEP = Duration.ofDays(90);
    private static final ChannelId ROOM = new ChannelId("room1");

    private final RedisConfig settings = REDIS.settings();
    private final RedisRelay relay = RedisRelay.to(REDIS);
    private Instant now = T0;
    private final Server server = new Server(settings, KeptCalls.EVERYTHING);

    RedisRecordsTest() throws IOException {}

    /** One of those that share a Redis. */
    private final class Server implements AutoCloseable {
        private final RedisCallStore store;
        private final RedisRecords records;
        private final RedisOutbox outbox;
        private final AwaitedRegistry calls;

        Server(RedisConfig config, Set<String> told) {
            var backend = new RedisBackend(
                    config, () -> now, Stores.nanos(() -> now), Thread::new, 80, share -> {}, new Metrics());
            records = backend.records(KEEP, told);
            outbox = records.outbox();
            store = new RedisCallStore(backend, CallRules.NONE, 100, Duration.ofHours(1), Optional.of(records));
            calls = Stores.over(store);
        }

        /** Ann comes to a channel: two messages. */
        void begin(ChannelId channel) {
            calls.tokenIssued(channel, new UserId("ann"), now);
            now = now.plusSeconds(1);
            calls.observed(channel, new Observation(now, now, ShownUsers.users("ann")));
        }

        /** The call in a channel is ended after a minute: two more. */
        void end(ChannelId channel) {
            now = now.plusSeconds(60);
            calls.ended(calls.find(channel).orElseThrow());
        }

        List<Message> due() {
            return await(outbox.takeDue(100));
        }

        Message onlyDue() {
            var due = due();
            assertEquals(1, due.size(), due::toString);
            return due.get(0);
        }

        List<CallRecord> newest() {
            return await(records.newest(100));
        }

        @Override
        public void close() {
            store.close();
        }
    }

    @AfterEach
    void close() {
        server.close();
        relay.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private String key(String name) {
        return settings.prefix() + name;
    }

    @Test
    void messages_ofACall_comeOneAfterTheOther() {
        server.begin(ROOM);
        server.end(ROOM);
        for (var type : List.of("call.started", "call.user_joined", "call.user_left", "call.ended")) {
            var message = server.onlyDue();
            assertEquals(type, message.type());
            assertEquals("msg_" + message.callId() + "_" + message.seq(), message.id());
            assertTrue(message.body().startsWith("{\"type\":\"" + type + "\""), message::body);
            assertEquals(List.of(), server.due(), "the next one before this is delivered");
            await(server.outbox.delivered(message));
        }
        assertEquals(List.of(), server.due());
        assertEquals(new Counts(0, 0), await(server.outbox.count()));
        assertEquals("", REDIS.command("KEYS", key("message:*")));
        assertEquals("", REDIS.command("KEYS", key("queue:*")));
    }

    @Test
    void messages_ofAnotherCall_doNotWait() {
        server.begin(ROOM);
        server.begin(new ChannelId("room2"));
        assertEquals(2, server.due().size());
    }

    @Test
    void message_thatFailed_comesAgainAtItsTime() {
        server.begin(ROOM);
        var message = server.onlyDue();
        await(server.outbox.failed(message, now.plusSeconds(300)));
        now = now.plusSeconds(299);
        assertEquals(List.of(), server.due());
        now = now.plusSeconds(1);
        var again = server.onlyDue();
        assertEquals(message.id(), again.id());
        assertEquals(message.createdAt(), again.createdAt());
        assertEquals(1, again.attempts());
    }

    @Test
    void message_thatFailed_isNotTriedSoonerForALaterOne() {
        server.begin(ROOM);
        await(server.outbox.failed(server.onlyDue(), now.plusSeconds(300)));
        server.end(ROOM);
        assertEquals(List.of(), server.due());
        now = now.plusSeconds(300);
        assertEquals("call.started", server.onlyDue().type());
    }

    @Test
    void message_whoseTakerDies_comesAgainToAnyServer() {
        server.begin(ROOM);
        var message = server.onlyDue();
        try (var other = new Server(settings, KeptCalls.EVERYTHING)) {
            now = now.plus(Outbox.LEASE).minusSeconds(1);
            assertEquals(List.of(), other.due());
            now = now.plusSeconds(1);
            assertEquals(message, other.onlyDue());
        }
    }

    @Test
    void message_givenUp_isListedAndHoldsUpNoneAndCanBeSentAgain() {
        server.begin(ROOM);
        var message = server.onlyDue();
        await(server.outbox.gaveUp(message));
        assertEquals(
                List.of(message.id()),
                await(server.outbox.givenUp(10)).stream().map(Message::id).toList());
        assertEquals(new Counts(1, 1), await(server.outbox.count()));
        var next = server.onlyDue();
        assertEquals("call.user_joined", next.type());
        await(server.outbox.delivered(next));
        assertEquals(List.of(), server.due());

        var arrivals = new AtomicInteger();
        server.outbox.onArrival(arrivals::incrementAndGet);
        assertTrue(await(server.outbox.resend(message.id())));
        assertEquals(1, arrivals.get());
        assertEquals(List.of(), await(server.outbox.givenUp(10)));
        assertEquals(message, server.onlyDue());
        assertTrue(await(server.outbox.resend(message.id())), "it waits already");
        assertFalse(await(server.outbox.resend("msg_other_1")));
    }

    @Test
    void message_settledTwice_changesNothing() {
        server.begin(ROOM);
        var first = server.onlyDue();
        await(server.outbox.delivered(first));
        var second = server.onlyDue();
        await(server.outbox.delivered(first));
        await(server.outbox.failed(first, now));
        await(server.outbox.gaveUp(first));
        assertEquals(List.of(), server.due(), "the second one is taken");
        assertEquals(List.of(second), await(server.outbox.waiting(10)));
        assertEquals(List.of(), await(server.outbox.givenUp(10)));
    }

    @Test
    void messages_writtenHere_areToldAtOnce() {
        var arrivals = new AtomicInteger();
        server.outbox.onArrival(arrivals::incrementAndGet);
        server.begin(ROOM);
        assertEquals(1, arrivals.get());
    }

    @Test
    void messages_nobodyWants_areNotWrittenButRecords() {
        try (var other = new Server(settings, Set.of("call.ended"))) {
            other.begin(ROOM);
            other.end(ROOM);
            assertEquals("call.ended", other.onlyDue().type());
            assertEquals(1, other.newest().size());
        }
    }

    @Test
    void counts_everyFewSeconds_areCountedAnew() {
        var time = new ManualTime(T0);
        server.outbox.start(new Timers(time));
        server.begin(ROOM);
        assertEquals(new Counts(0, 0), server.outbox.counts());
        time.advance(Duration.ofSeconds(5));
        await(server.outbox.count());
        assertEquals(new Counts(2, 0), server.outbox.counts());
    }

    @Test
    void records_ofSeveralCalls_areFoundByTheirEnds() {
        for (int i = 0; i < 3; i++) {
            server.begin(new ChannelId("room" + i));
            server.end(new ChannelId("room" + i));
        }
        var ends = server.newest().stream().map(CallRecord::endedAt).toList();
        assertEquals(List.of(T0.plusSeconds(183), T0.plusSeconds(122), T0.plusSeconds(61)), ends);
        assertEquals(
                List.of(T0.plusSeconds(61), T0.plusSeconds(122)),
                await(server.records.endedBetween(T0, T0.plusSeconds(183), 100)).stream()
                        .map(CallRecord::endedAt)
                        .toList());
        assertEquals(1, await(server.records.endedBetween(T0, now, 1)).size());
        assertEquals(EndReason.LIMIT, server.newest().get(0).endReason());
    }

    @Test
    void ended_answerLostAndDoneAgain_makesOneRecordAndOneMessage() {
        try (var cut = new Server(relay.settings(settings.prefix()), KeptCalls.EVERYTHING)) {
            cut.begin(ROOM);
            var state = cut.calls.find(ROOM).orElseThrow();
            now = now.plusSeconds(60);
            relay.answer(false);
            assertThrows(RegistryException.class, () -> cut.calls.ended(state));
            relay.answer(true);
            server.calls.ended(state);
            assertEquals(1, server.newest().size());
            assertEquals(
                    List.of(1, 2, 3, 4),
                    await(server.outbox.waiting(10)).stream()
                            .map(Message::seq)
                            .sorted()
                            .toList());
        }
    }

    @Test
    void ended_commandNeverArrives_leavesTheCallWithoutARecord() {
        try (var redis = TestRedis.start();
                var other = new Server(redis.settings("{cut}:"), KeptCalls.EVERYTHING)) {
            other.begin(ROOM);
            var state = other.calls.find(ROOM).orElseThrow();
            redis.command("CONFIG", "SET", "maxmemory", "1");
            other.calls.ended(state);
            assertEquals(1, other.newest().size(), "a known call comes to its end although Redis is full");
            redis.kill();
            assertThrows(RegistryException.class, () -> other.calls.ended(state));
            redis.restart();
            assertEquals("0", redis.command("DBSIZE"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"records", "waiting", "due"})
    void set_ofAnotherType_isDroppedAndRecordsGoOn(String set) {
        server.begin(ROOM);
        REDIS.command("DEL", key(set));
        REDIS.command("SET", key(set), "foreign");
        server.end(ROOM);
        assertEquals(1, server.newest().size());
        assertEquals(1, server.due().size());
        assertEquals("4", REDIS.command("LLEN", REDIS.command("KEYS", key("queue:*"))));
        assertTrue(server.records.isWritable());
    }

    @Test
    void whatIsLeft_ofMessagesAndRecordsThatAreGone_goes() {
        server.begin(ROOM);
        server.end(ROOM);
        for (var gone : REDIS.command("KEYS", key("message:*")).split(" ", -1)) {
            REDIS.command("DEL", gone);
        }
        for (var gone : REDIS.command("KEYS", key("record:*")).split(" ", -1)) {
            REDIS.command("DEL", gone);
        }
        assertEquals(List.of(), server.due());
        assertEquals(List.of(), server.newest());
        assertEquals(List.of(), await(server.outbox.waiting(10)));
        assertEquals("", REDIS.command("KEYS", key("queue:*")));
        assertEquals("0", REDIS.command("ZCARD", key("records")));
        assertEquals("0", REDIS.command("ZCARD", key("due")));
    }

    @Test
    void records_olderThanTheyAreKept_go() {
        server.begin(ROOM);
        server.end(ROOM);
        long left = Long.parseLong(REDIS.command("PTTL", key("records")));
        assertTrue(left <= KEEP.toMillis() && left > KEEP.toMillis() - 10_000, "ends after " + left);
        now = now.plus(KEEP).plusSeconds(1);
        server.begin(ROOM);
        assertEquals("0", REDIS.command("ZCARD", key("records")));
        assertEquals("2", REDIS.command("ZCARD", key("waiting")));
    }

    @Test
    void calls_onRecord_areKeptNoLessLongThanRecords() {
        server.begin(ROOM);
        long left = Long.parseLong(REDIS.command("PTTL", key("call:room1")));
        assertTrue(left > KEEP.toMillis() - 10_000, "ends after " + left);
    }

    @Test
    void call_anotherServerEndsIt_isOneRecord() {
        server.begin(ROOM);
        try (var other = new Server(settings, KeptCalls.EVERYTHING)) {
            other.end(ROOM);
            server.calls.ended(server.calls.find(ROOM).orElseThrow());
            assertEquals(server.newest(), other.newest());
            assertEquals(1, server.newest().size());
        }
    }
}
