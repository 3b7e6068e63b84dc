package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.EventPolicy;
import alirtc.appserver.call.Joins;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.call.Tickets;
import alirtc.appserver.call.Transition;
import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.registry.CallStore.Counts;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Calls in a real Redis that is well, wrong, full, slow, or away. */
@Timeout(60)
class RedisCallStoreTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration TOKEN_TTL = Duration.ofHours(1);
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final UserId ANN = new UserId("ann");

    private final RedisConfig settings = REDIS.settings();
    private Instant now = T0;
    private final RedisCallStore store = open(settings);
    private final AwaitedRegistry registry = Stores.over(store);

    private RedisCallStore open(RedisConfig config) {
        return Stores.inRedis(config, CallRules.limit(LIMIT), 100, TOKEN_TTL, () -> now);
    }

    private static List<ChannelState> due(RedisCallStore store) {
        return AwaitedRegistry.await(store.due());
    }

    @AfterEach
    void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger("alirtc.appserver")
                .detachAndStopAllAppenders();
        store.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private static ChannelState begun() {
        return ChannelState.begun(ROOM, 1, Tickets.of(ANN, T0), TestPolicies.SEATLESS);
    }

    private Optional<Joins> joined(Instant at) {
        return Optional.of(new Joins(now, at, at));
    }

    private String key(String name) {
        return settings.prefix() + name;
    }

    private String keys() {
        return REDIS.command("KEYS", settings.prefix() + "*");
    }

    @Test
    void change_sixteenThreadsOnFourServers_loseNothing() throws Exception {
        var threads = Executors.newFixedThreadPool(16);
        var servers = new ArrayList<RedisCallStore>();
        try {
            var done = new ArrayList<Future<?>>();
            for (int i = 0; i < 4; i++) {
                var server = open(settings);
                servers.add(server);
                for (int thread = 0; thread < 4; thread++) {
                    done.add(threads.submit(() -> {
                        for (int step = 0; step < 25; step++) {
                            AwaitedRegistry.await(server.change(
                                    ROOM, state -> Transition.silent(state == null ? begun() : state.endFailed(T0))));
                        }
                    }));
                }
            }
            for (var one : done) {
                one.get(30, TimeUnit.SECONDS);
            }
            var retry = registry.find(ROOM).orElseThrow().call().schedule().retry();
            assertEquals(16 * 25 - 1, retry == null ? 0 : retry.failures());
        } finally {
            threads.shutdownNow();
            servers.forEach(RedisCallStore::close);
        }
    }

    @Test
    void change_everyKey_endsByItselfAndOnlyLongAfterTheCall() {
        registry.tokenIssued(ROOM, ANN, now);
        long kept = Duration.ofDays(1).plus(TOKEN_TTL).plus(LIMIT).toMillis();
        for (var key : keys().split(" ", -1)) {
            long left = Long.parseLong(REDIS.command("PTTL", key));
            assertTrue(left > kept - 10_000 && left <= kept, key + " ends after " + left);
        }
    }

    @Test
    void change_callOver_leavesNothingBehind() {
        registry.tokenIssued(ROOM, ANN, now);
        assertEquals(2, keys().split(" ", -1).length, this::keys);
        registry.forget(registry.find(ROOM).orElseThrow());
        assertEquals("", keys());
        assertEquals(0, registry.size());
    }

    @Test
    void told_onOneServer_isKnownToAllAndCountsOnce() {
        var policy = new ChannelPolicy(SeatPolicy.UNLIMITED, TestPolicies.PROMPT, EventPolicy.HEARD, false);
        var stores = List.of(open(settings), open(settings));
        try {
            var servers = stores.stream().map(one -> Stores.over(one, policy)).toList();
            servers.get(0).tokenIssued(ROOM, ANN, now);
            var join = new ChannelEvent(ROOM, Kind.JOIN, "ann", "s1");
            assertTrue(servers.get(1).told(join).isPresent());
            assertTrue(servers.get(0).told(join).isEmpty(), "it is known already");
            assertEquals(
                    Set.of("ann"),
                    servers.get(0).find(ROOM).orElseThrow().occupancy().users());
            assertEquals(new Counts(1, 1, 0), servers.get(1).counts());
            now = now.plusSeconds(60);
            assertTrue(servers.get(0)
                    .told(new ChannelEvent(ROOM, Kind.LEAVE, "ann", "s1"))
                    .orElseThrow()
                    .isEmptiedByEvent());
            servers.get(1).observed(ROOM, new Observation(now, now, ShownUsers.users()));
            assertEquals(
                    Stage.OVER, servers.get(0).find(ROOM).orElseThrow().call().stage());
            assertEquals(new Counts(1, 0, 0), servers.get(0).counts());
        } finally {
            stores.forEach(RedisCallStore::close);
        }
    }

    @Test
    void counts_callEnded_isKeptEnded() {
        registry.tokenIssued(ROOM, ANN, now);
        registry.observed(ROOM, new Observation(now.plusMillis(1), now.plusMillis(2), ShownUsers.users("ann")));
        assertEquals(new Counts(1, 1, 0), registry.counts());
        registry.ended(registry.find(ROOM).orElseThrow());
        assertEquals(new Counts(1, 0, 1), registry.counts());
        registry.forget(registry.find(ROOM).orElseThrow());
        assertEquals("", keys());
    }

    @Test
    void change_noMoreRoom_refusesNewCallsAlone() {
        for (int i = 0; i < 100; i++) {
            assertTrue(registry.tokenIssued(new ChannelId("c" + i), ANN, now).isPresent());
        }
        assertTrue(registry.tokenIssued(ROOM, ANN, now).isEmpty());
        assertTrue(registry.tokenIssued(new ChannelId("c7"), ANN, now).isPresent());
        assertEquals(100, registry.size());
    }

    @Test
    void find_anotherServer_readsTheVerySameCall() {
        registry.tokenIssued(ROOM, ANN, Instant.parse("2026-11-22T10:00:00.123456789Z"));
        try (var other = open(settings)) {
            assertEquals(registry.find(ROOM), AwaitedRegistry.await(other.find(ROOM)));
        }
    }

    @Test
    void due_serverThatDies_isReplacedWithinFiveSeconds() {
        registry.startLearned(ROOM, joined(T0.minus(LIMIT)), ShownUsers.users("ann"));
        try (var other = open(settings)) {
            assertEquals(1, due(store).size());
            assertEquals(List.of(), due(other));
            now = T0.plus(RedisCalls.LEASE).minusMillis(1);
            assertEquals(List.of(), due(other));
            now = T0.plus(RedisCalls.LEASE);
            assertEquals(1, due(other).size());
        }
    }

    @Test
    void due_tokenWhileSomebodyEndsTheCall_isNotTakenTwice() {
        registry.startLearned(ROOM, joined(T0.minus(LIMIT)), ShownUsers.users("ann"));
        assertEquals(1, due(store).size());
        registry.tokenIssued(ROOM, ANN, now);
        assertEquals(List.of(), due(store));
    }

    @Test
    void due_lookTakenJustBeforeTheLimit_endComesInTime() {
        var call = registry.startLearned(ROOM, joined(T0.minus(LIMIT).plusSeconds(31)), ShownUsers.users("ann"));
        now = call.call().schedule().nextPollAt();
        assertEquals(1, due(store).size());
        now = T0.plusSeconds(31);
        assertEquals(1, due(store).size());
        assertEquals(List.of(), due(store));
    }

    @Test
    void due_manyLooksWaiting_endsGoFirst() {
        for (int i = 0; i < 2 * RedisCalls.BATCH - 1; i++) {
            registry.tokenIssued(new ChannelId("c" + i), ANN, T0);
        }
        now = T0.plusSeconds(30);
        registry.startLearned(ROOM, joined(T0.minus(LIMIT)), ShownUsers.users("ann"));
        now = now.plusSeconds(1);
        assertEquals(ROOM, due(store).get(0).channel());
    }

    @Test
    void due_callGone_isForgotten() {
        registry.tokenIssued(ROOM, ANN, now);
        REDIS.command("DEL", key("call:room1"));
        now = T0.plus(Duration.ofHours(1));
        assertEquals(List.of(), due(store));
        assertEquals("", keys());
    }

    @Test
    void due_noCall_isDropped() {
        registry.tokenIssued(ROOM, ANN, now);
        REDIS.command("SET", key("call:room1"), "garbage");
        now = T0.plus(Duration.ofHours(1));
        assertEquals(List.of(), due(store));
        assertEquals("", keys());
    }

    private static ListAppender<ILoggingEvent> warnings() {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger("alirtc.appserver")
                .addAppender(lines);
        return lines;
    }

    private static long count(ListAppender<ILoggingEvent> lines, String text) {
        return List.copyOf(lines.list).stream()
                .filter(line -> line.getFormattedMessage().contains(text))
                .count();
    }

    @Test
    void due_membersThatAreNoChannels_areDroppedAndToldOnceWhileTheOthersCome() {
        var lines = warnings();
        for (var name : List.of("no name!", "0", "line\nbreak", "x".repeat(65))) {
            REDIS.command("SET", key("call:" + name), "{}");
            REDIS.command("ZADD", key("looks"), "0", name);
            REDIS.command("ZADD", key("ends"), "0", name);
        }
        registry.tokenIssued(ROOM, ANN, now);
        now = T0.plus(Duration.ofHours(1));
        assertEquals(1, due(store).size());
        assertEquals(List.of(), due(store));
        assertEquals("room1", REDIS.command("ZRANGE", key("looks"), "0", "-1"));
        assertEquals("", REDIS.command("ZRANGE", key("ends"), "0", "-1"));
        assertEquals(4, count(lines, "was no call, and is dropped"));
        assertEquals(0, count(lines, "break"));
    }

    @Test
    void due_callKeyOfAnotherType_isDroppedAndToldOnceWhileTheOthersCome() {
        var lines = warnings();
        var other = new ChannelId("other");
        registry.tokenIssued(ROOM, ANN, now);
        registry.tokenIssued(other, ANN, now);
        REDIS.command("DEL", key("call:room1"));
        REDIS.command("SADD", key("call:room1"), "foreign");
        now = T0.plus(Duration.ofHours(1));
        assertEquals(
                List.of(other), due(store).stream().map(ChannelState::channel).toList());
        assertEquals(List.of(), due(store));
        assertEquals("other", REDIS.command("ZRANGE", key("looks"), "0", "-1"));
        assertEquals("", REDIS.command("KEYS", key("call:room1")));
        assertEquals(1, count(lines, "was no call, and is dropped"));
    }

    @Test
    void change_callKeyOfAnotherType_isDroppedAndTheChannelBegunAnew() {
        var lines = warnings();
        REDIS.command("SADD", key("call:room1"), "foreign");
        for (int i = 0; i < 20; i++) {
            assertTrue(registry.find(ROOM).isEmpty());
        }
        for (int i = 0; i < 20; i++) {
            assertTrue(registry.tokenIssued(ROOM, ANN, now).isPresent());
        }
        assertTrue(store.isReachable());
        assertEquals(1, count(lines, "call:room1 is not of this server, and is dropped"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"looks", "ends", "live"})
    void change_setOfAnotherType_isDroppedAndTheRegistryGoesOn(String set) {
        REDIS.command("SET", key(set), "foreign");
        registry.startLearned(ROOM, joined(T0.minus(LIMIT)), ShownUsers.users("ann"));
        assertEquals(1, due(store).size());
        assertEquals(new Counts(1, 1, 0), registry.counts());
        assertTrue(store.isReachable());
    }

    @Test
    void due_callOfANewerServer_isLeftAlone() {
        registry.tokenIssued(ROOM, ANN, now);
        var newer = "{\"v\":3,\"other\":1}";
        REDIS.command("SET", key("call:room1"), newer);
        now = T0.plus(Duration.ofHours(1));
        assertEquals(List.of(), due(store));
        assertThrows(RegistryException.class, () -> registry.find(ROOM));
        assertThrows(RegistryException.class, () -> registry.tokenIssued(ROOM, ANN, now));
        assertEquals(newer, REDIS.command("GET", key("call:room1")));
        assertEquals(1, registry.size());
    }

    @Test
    void redisRestartedEmpty_isFoundAgainAndBegunAnew() {
        try (var redis = TestRedis.start();
                var server = open(redis.settings())) {
            var calls = Stores.over(server);
            calls.tokenIssued(ROOM, ANN, now);
            redis.kill();
            redis.restart();
            assertTrue(calls.find(ROOM).isEmpty());
            assertTrue(calls.tokenIssued(ROOM, ANN, now).isPresent());
            assertTrue(server.isReachable());
        }
    }

    @Test
    void redisAway_whatIsKnownIsReadAndNothingWritten() throws Exception {
        try (var redis = TestRedis.start();
                var server = open(redis.settings())) {
            var calls = Stores.over(server);
            var call = calls.tokenIssued(ROOM, ANN, now);
            redis.kill();
            var unknown = new ChannelId("unknown");
            for (int i = 0; i < 20; i++) {
                assertEquals(call, calls.find(ROOM));
                assertThrows(RegistryException.class, () -> calls.find(unknown));
                assertThrows(RegistryException.class, () -> calls.tokenIssued(ROOM, ANN, now));
                assertThrows(RegistryException.class, calls::due);
            }
            assertFalse(server.isReachable());
            assertEquals(
                    T0,
                    calls.startLearned(unknown, joined(T0), ShownUsers.users("ann"))
                            .call()
                            .startedAt());
            redis.restart();
            awaitFound(calls, unknown);
            assertTrue(calls.find(ROOM).isEmpty(), "what Redis lost is not told from memory");
        }
    }

    @Test
    void redisAway_nextPollDue_nothingIsToldThatMayLongBeOver() {
        try (var redis = TestRedis.start();
                var server = open(redis.settings())) {
            var calls = Stores.over(server);
            var call = calls.startLearned(ROOM, joined(T0), ShownUsers.users("ann"));
            var nextPollAt = call.call().schedule().nextPollAt();
            redis.kill();
            now = nextPollAt.minusMillis(1);
            assertEquals(Optional.of(call), calls.find(ROOM));
            assertThrows(RegistryException.class, () -> AwaitedRegistry.await(server.current(ROOM)));
            now = nextPollAt;
            assertThrows(RegistryException.class, () -> calls.find(ROOM));
        }
    }

    @Test
    void redisAway_tokenNotWrittenYet_isKnownToThisServer() throws Exception {
        try (var redis = TestRedis.start();
                var server = open(redis.settings())) {
            var calls = new AwaitedRegistry(buffered(server, TestPolicies.SEATLESS, new ManualTime(T0)), server);
            calls.startLearned(ROOM, joined(T0), ShownUsers.users("ann"));
            redis.kill();
            now = T0.plusSeconds(10);
            assertThrows(RegistryException.class, () -> calls.tokenIssued(ROOM, ANN, now));
            assertEquals(now, calls.find(ROOM).orElseThrow().call().safeStart());
            redis.restart();
            var direct = Stores.over(server);
            awaitFound(direct, ROOM);
            assertEquals(T0, direct.find(ROOM).orElseThrow().call().safeStart());
            assertEquals(now, calls.find(ROOM).orElseThrow().call().safeStart());
        }
    }

    @Test
    void redisAway_lookupsAndTokens_areLearntInOrderOnceItIsBack() throws Exception {
        try (var redis = TestRedis.start();
                var server = open(redis.settings())) {
            var time = new ManualTime(T0);
            var calls = buffered(server, TestPolicies.SEATLESS, time);
            redis.kill();
            assertFails(calls.tokenIssued(ROOM, Tickets.of(ANN, now)));
            assertLookupFails(calls, time);
            redis.restart();
            awaitSeen(server, time);
        }
    }

    @Test
    void redisAway_tokenHandedOutWithoutASeat_isWrittenOnceItIsBack() throws Exception {
        try (var redis = TestRedis.start();
                var server = open(redis.settings())) {
            var time = new ManualTime(T0);
            var seats = new SeatPolicy(2, Duration.ofMinutes(1), TOKEN_TTL);
            var calls = buffered(server, TestPolicies.seats(seats), time);
            redis.kill();
            assertFails(calls.tokenIssued(ROOM, Tickets.of(ANN, now)));
            assertFails(calls.tokenWithoutSeat(ROOM, Tickets.of(ANN, now)));
            assertLookupFails(calls, time);
            redis.restart();
            awaitSeen(server, time);
        }
    }

    private void assertLookupFails(CallRegistry calls, ManualTime time) {
        now = T0.plusSeconds(1);
        var seen = calls.observed(ROOM, new Observation(now, now, ShownUsers.users("ann")));
        time.advance(Duration.ofSeconds(1));
        assertFails(seen);
    }

    private static void assertFails(CompletableFuture<?> change) {
        assertThrows(RegistryException.class, () -> AwaitedRegistry.await(change));
    }

    /** Waits in real time until Redis knows that somebody was seen; each attempt is one second of the server's later. */
    private static void awaitSeen(RedisCallStore server, ManualTime time) throws Exception {
        var never = new CompletableFuture<Void>();
        for (int i = 0; i < 100; i++) {
            time.advance(Duration.ofSeconds(1));
            assertThrows(java.util.concurrent.TimeoutException.class, () -> never.get(100, TimeUnit.MILLISECONDS));
            var state = server.find(ROOM).exceptionally(failure -> Optional.empty());
            if (AwaitedRegistry.await(state).filter(ChannelState::isLive).isPresent()) {
                return;
            }
        }
        throw new AssertionError("nobody was seen");
    }

    private static CallRegistry buffered(RedisCallStore server, ChannelPolicy policy, ManualTime time) {
        return CallRegistry.buffered(
                server, () -> policy, new CallEvents(new Metrics()), Recorder.OFF, new Timers(time));
    }

    @Test
    void redisSlow_isNotWaitedForEachTime() throws Exception {
        registry.tokenIssued(ROOM, ANN, now);
        REDIS.command("CLIENT", "PAUSE", "2500");
        long start = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThrows(RegistryException.class, () -> registry.tokenIssued(ROOM, ANN, now));
            assertEquals(
                    Stage.PROVISIONAL, registry.find(ROOM).orElseThrow().call().stage());
        }
        long took = Duration.ofNanos(System.nanoTime() - start).toMillis();
        assertTrue(took < 2300, "100 questions took " + took + " ms");
        assertFalse(store.isReachable());
        awaitFound(registry, ROOM);
    }

    @Test
    void redisFull_takesNoNewCallsWhileKnownOnesGoOn() {
        try (var redis = TestRedis.start();
                var server = open(redis.settings("{full}:"))) {
            var calls = Stores.over(server);
            calls.tokenIssued(ROOM, ANN, now);
            redis.command("CONFIG", "SET", "maxmemory", "1");
            var other = new ChannelId("other");
            for (int i = 0; i < 20; i++) {
                assertThrows(RegistryException.class, () -> calls.tokenIssued(other, ANN, now));
                assertTrue(calls.find(ROOM).isPresent());
                assertTrue(calls.find(other).isEmpty());
            }
            assertEquals("1", redis.command("ZCARD", "{full}:looks"));
            var known = calls.tokenIssued(ROOM, new UserId("bob"), now).orElseThrow();
            assertEquals(2, known.call().evidence().tickets().size());
            now = T0.plus(LIMIT);
            assertEquals(List.of(known), calls.due());
            calls.forget(known);
            assertEquals(0, calls.size());
            calls.observed(ROOM, new Observation(now, now, ShownUsers.users()));
            redis.command("CONFIG", "SET", "maxmemory", "0");
            assertTrue(calls.tokenIssued(other, ANN, now).isPresent());
            assertTrue(server.isReachable());
        }
    }

    /** Waits in real time until Redis is asked again: it is tried once a second. */
    private static void awaitFound(AwaitedRegistry calls, ChannelId channel) throws Exception {
        var never = new CompletableFuture<Void>();
        for (int i = 0; i < 100; i++) {
            try {
                calls.tokenIssued(channel, ANN, T0);
                return;
            } catch (RegistryException e) {
                assertThrows(java.util.concurrent.TimeoutException.class, () -> never.get(100, TimeUnit.MILLISECONDS));
            }
        }
        calls.tokenIssued(channel, ANN, T0);
    }
}
