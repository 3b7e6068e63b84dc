package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels with two seats, over HTTP and with the real SDK, at a time the test holds. */
class PrivateCallTest {
    private static final String USERS = "DescribeChannelUsers";

    private @Nullable TestServer running;

    private TestServer server(Map<String, String> more) throws Exception {
        var settings = new LinkedHashMap<>(more);
        settings.put("rtc.1v1audio.maxUsers", "2");
        running = TestServer.start(settings);
        return running;
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    private static int ask(TestServer server) throws Exception {
        return server.now("token", "room").status();
    }

    private static String token(TestServer server) throws Exception {
        var answer = server.now("token", "room");
        assertEquals(200, answer.status(), answer.body()::toString);
        return answer.data().path("userid").textValue();
    }

    private static String join(TestServer server) throws Exception {
        var user = token(server);
        server.sandbox().join("room", user);
        return user;
    }

    /** Has two people join, and waits until the server has seen both. */
    private static String join2(TestServer server) throws Exception {
        var user = join(server);
        join(server);
        server.pass(Duration.ofSeconds(40));
        assertEquals(409, ask(server));
        server.pass(Duration.ofSeconds(5));
        return user;
    }

    /** Asks about once a second until a token comes, and returns after how long. */
    private static Duration untilGranted(TestServer server, Duration longest) throws Exception {
        long start = server.time().nanoTime();
        while (ask(server) != 200) {
            server.pass(Duration.ofSeconds(1));
            var passed = Duration.ofNanos(server.time().nanoTime() - start);
            assertTrue(passed.compareTo(longest) <= 0, "no seat within " + longest);
        }
        return Duration.ofNanos(server.time().nanoTime() - start);
    }

    @Test
    void token_third_isRefusedWithThePlainReason() throws Exception {
        var server = server(Map.of());
        token(server);
        token(server);
        var answer = server.now("token", "room");
        assertEquals(409, answer.status());
        assertEquals("409", answer.body().path("code").textValue());
        assertEquals("false", answer.body().path("result").textValue());
        assertEquals("channel is full", answer.body().path("message").textValue());
        assertFalse(answer.body().has("data"));
        assertEquals(
                "33", answer.retryAfter(), "thirty seconds for who does not come, and two looks three seconds apart");
        assertEquals(200, server.now("token", "other").status());
    }

    @Test
    void token_sixtyFourAtOnce_twoAreGranted() throws Exception {
        var server = server(Map.of());
        var answers = new ArrayList<CompletableFuture<TestServer.Answer>>();
        for (int asker = 0; asker < 64; asker++) {
            answers.add(server.get("token", "room"));
        }
        var granted = new ArrayList<Integer>();
        for (var answer : answers) {
            granted.add(answer.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .status());
        }
        assertEquals(2, granted.stream().filter(status -> status == 200).count(), granted::toString);
        assertEquals(62, granted.stream().filter(status -> status == 409).count(), granted::toString);
    }

    @Test
    void seat_userNeverComes_isFreeAfterItsTimeAndTwoLooks() throws Exception {
        var server = server(Map.of("rtc.seatTtl", "20s"));
        join(server);
        token(server);
        server.pass(Duration.ofSeconds(22));
        assertEquals(409, ask(server));
        server.pass(Duration.ofSeconds(2));
        token(server);
        assertEquals(409, ask(server));
    }

    @Test
    void seat_userLeaves_isFreeSoonAfterSomebodyAsks() throws Exception {
        var server = server(Map.of());
        var user = join2(server);
        server.sandbox().leave("room", user);
        int before = server.sandbox().requestCount(USERS);
        var answer = server.now("token", "room");
        assertEquals(409, answer.status());
        assertEquals("3", answer.retryAfter());
        server.sandbox().awaitRequests(USERS, before + 1, TestServer.PATIENCE);
        server.pass(Duration.ofSeconds(2));
        assertEquals(409, ask(server), "one look proves nothing");
        assertEquals(before + 1, server.sandbox().requestCount(USERS), "those who ask again make no more looks");
        server.pass(Duration.ofMillis(1750));
        token(server);
    }

    @Test
    void seat_oneLookLies_staysTaken() throws Exception {
        var server = server(Map.of());
        join2(server);
        server.sandbox().set(Fault.of(FaultKind.EMPTY));
        int before = server.sandbox().requestCount(USERS);
        assertEquals(409, ask(server));
        server.sandbox().awaitRequests(USERS, before + 1, TestServer.PATIENCE);
        server.pass(Duration.ofSeconds(1));
        server.sandbox().clearFaults();
        for (int second = 0; second < 40; second++) {
            server.pass(Duration.ofSeconds(1));
            assertEquals(409, ask(server));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HANG", "REFUSE", "FORBIDDEN", "THROTTLED", "MISSING"})
    void seat_upstreamFails_staysTakenUntilItIsBack(FaultKind kind) throws Exception {
        var server = server(Map.of());
        var user = join2(server);
        server.sandbox().set(Fault.of(kind));
        server.sandbox().leave("room", user);
        for (int minute = 0; minute < 5; minute++) {
            assertEquals(409, ask(server));
            server.pass(Duration.ofSeconds(2));
            server.time().advance(Duration.ofSeconds(58));
        }
        server.sandbox().clearFaults();
        untilGranted(server, Duration.ofSeconds(40));
    }

    @Test
    void seat_upstreamFailsFromTheFirstToken_isKeptThoughNobodyWasSeen() throws Exception {
        var server = server(Map.of());
        server.sandbox().set(Fault.of(FaultKind.REFUSE));
        token(server);
        token(server);
        server.pass(Duration.ofMinutes(1));
        server.time().advance(Duration.ofMinutes(30));
        assertEquals(409, ask(server));
    }

    @Test
    void restart_peopleInTheChannel_countOnceTheyAreSeen() throws Exception {
        var server = server(Map.of());
        join2(server);
        server.restart();
        token(server);
        server.pass(Duration.ofSeconds(1));
        assertEquals(409, ask(server));
    }

    @Test
    void restart_startTimeRebuilt_leavesNoSeatForAThird() throws Exception {
        var server = server(Map.of());
        join2(server);
        server.restart();
        assertEquals(200, server.now("start", "room").status());
        assertEquals(409, ask(server));
    }

    @Test
    void limit_callEnded_itsSeatsAreFree() throws Exception {
        var server = server(Map.of("durationlimit", "1"));
        join2(server);
        server.pass(Duration.ofSeconds(20));
        assertTrue(server.sandbox().channels().isEmpty());
        token(server);
    }

    @Test
    void registry_full_newChannelsGetNoTokens() throws Exception {
        var server = server(Map.of("calls.max", "1"));
        token(server);
        var answer = server.now("token", "other");
        assertEquals(503, answer.status());
        assertTrue(answer.retryAfter().matches("[1-9]"), answer.retryAfter());
        assertEquals(200, ask(server), "a channel that is remembered goes on");
    }
}
