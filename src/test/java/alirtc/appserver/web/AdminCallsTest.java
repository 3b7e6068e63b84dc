package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import alirtc.appserver.sandbox.Participant;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the operator's backend learns of calls, and does to them, over HTTP. */
class AdminCallsTest {
    private static final String SECRET = "admin-secret-nobody-must-see";
    private static final String DELETE = "DeleteChannel";
    private static final Map<String, String> SETTINGS = Map.of("admin.secret", SECRET, "rtc.tokenTtl", "10m");

    private final Written written = new Written();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(SETTINGS);
    }

    @AfterEach
    void stop() {
        server.close();
        written.close();
    }

    private TestServer.Answer ask(String method, String target, String... more) throws Exception {
        var headers = new ArrayList<>(List.of("Authorization", "Bearer " + SECRET));
        headers.addAll(List.of(more));
        return server.call(method, target, headers.toArray(String[]::new));
    }

    private JsonNode data(String method, String target) throws Exception {
        var answer = ask(method, target);
        assertEquals(200, answer.status(), answer.body()::toString);
        return answer.data();
    }

    private String token(String channel) throws Exception {
        return server.now("token", channel).data().path("userid").textValue();
    }

    /** Has a call begin in which somebody is seen. */
    private String begin(String channel) throws Exception {
        var user = token(channel);
        server.sandbox().join(channel, user);
        server.pass(Duration.ofSeconds(5));
        server.now("users", channel);
        server.pass(Duration.ofSeconds(1));
        return user;
    }

    private List<String> users(String channel) {
        return server.sandbox().participants(channel).stream()
                .map(Participant::user)
                .toList();
    }

    private static List<String> texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> one.path(field).textValue())
                .toList();
    }

    @Test
    void calls_live_areListedTheNewestFirst() throws Exception {
        var ann = begin("room1");
        begin("room2");
        token("room3");

        var list = data("GET", "admin/calls");

        assertEquals(List.of("room2", "room1"), texts(list.path("calls"), "channel"));
        assertTrue(list.path("complete").booleanValue());
        assertFalse(list.has("next"));
        var call = list.path("calls").get(1);
        assertEquals("known", call.path("state").textValue());
        assertEquals("[\"" + ann + "\"]", call.path("users").toString());
        assertEquals(12_000, call.path("elapsedMillis").longValue());
        assertFalse(call.has("bars"));
        assertFalse(call.has("remainingMillis"));
    }

    @Test
    void calls_pageByPage_areAllListedOnce() throws Exception {
        for (int i = 0; i < 7; i++) {
            server.sandbox().join("room" + i, "ann");
            // Found by the question for its start, several at the same time.
            server.now("start", "room" + i);
            server.pass(Duration.ofMillis(250));
        }
        var seen = new ArrayList<String>();
        var page = data("GET", "admin/calls?limit=3");
        for (;
                page.has("next");
                page = data(
                        "GET", "admin/calls?limit=3&after=" + page.path("next").textValue())) {
            assertEquals(3, page.path("calls").size());
            seen.addAll(texts(page.path("calls"), "channel"));
        }
        seen.addAll(texts(page.path("calls"), "channel"));

        assertEquals(7, seen.size());
        assertEquals(7, new HashSet<>(seen).size());
    }

    @Test
    void channel_ofWhichNothingIsKnown_is404() throws Exception {
        assertEquals(404, ask("GET", "admin/calls/room1").status());
    }

    @Test
    void channel_inEachState_isShown() throws Exception {
        token("room1");
        assertEquals("awaited", data("GET", "admin/calls/room1").path("state").textValue());
        begin("room1");
        assertEquals("known", data("GET", "admin/calls/room1").path("state").textValue());
        data("DELETE", "admin/calls/room1?for=60");
        var ended = data("GET", "admin/calls/room1");
        assertEquals("ended", ended.path("state").textValue());
        var bars = ended.path("bars");
        assertEquals(1, bars.size());
        assertFalse(bars.get(0).has("user"));
        long left = bars.get(0).path("untilMillis").longValue()
                - server.time().wall().instant().toEpochMilli();
        assertEquals(60_000, left);
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void call_ended_isOutOfItsChannel_andIsKeptEndedWhileItsTokensLive(Product product) throws Exception {
        server.close();
        server = TestServer.start(product, SETTINGS);
        var ann = begin("room1");

        var ended = data("DELETE", "admin/calls/room1");

        assertEquals("{\"channel\":\"room1\",\"ended\":true}", ended.toString());
        assertEquals(List.of(), users("room1"));
        assertEquals(0, data("GET", "admin/calls").path("calls").size());

        server.sandbox().join("room1", ann);
        assertTrue(server.until(Duration.ofMinutes(2), () -> users("room1").isEmpty()), "not kept ended");
        // All tokens of the call have expired: who is there now came by another's.
        server.pass(Duration.ofMinutes(10));
        server.sandbox().join("room1", "stranger");
        server.pass(Duration.ofMinutes(2));
        assertEquals(List.of("stranger"), users("room1"));
    }

    @Test
    void call_endedWithoutBar_isFollowedByAnotherAtTheNextToken() throws Exception {
        begin("room1");
        data("DELETE", "admin/calls/room1");

        var bob = token("room1");
        server.sandbox().join("room1", bob);
        server.pass(Duration.ofMinutes(2));

        assertEquals(List.of(bob), users("room1"));
        assertEquals("known", data("GET", "admin/calls/room1").path("state").textValue());
    }

    @Test
    void call_withATokenThatNobodyUsedYet_isEndedForThatToo() throws Exception {
        begin("room1");
        var late = token("room1");
        data("DELETE", "admin/calls/room1");

        server.sandbox().join("room1", late);

        assertTrue(server.until(Duration.ofMinutes(1), () -> users("room1").isEmpty()), "not kept ended");
    }

    @Test
    void call_inAChannelThatTheServerDoesNotKnow_isEnded_andKeptEnded() throws Exception {
        server.sandbox().join("room1", "ann");

        assertEquals(
                "{\"channel\":\"room1\",\"ended\":false}",
                data("DELETE", "admin/calls/room1").toString());

        assertEquals(List.of(), users("room1"));
        server.sandbox().join("room1", "ann");
        assertTrue(server.until(Duration.ofMinutes(2), () -> users("room1").isEmpty()), "not kept ended");
    }

    @Test
    void call_afterARestart_isEndedAndKeptEnded() throws Exception {
        var ann = begin("room1");
        server.restart();

        data("DELETE", "admin/calls/room1?for=1h");

        assertEquals(List.of(), users("room1"));
        server.sandbox().join("room1", ann);
        assertTrue(server.until(Duration.ofMinutes(2), () -> users("room1").isEmpty()), "not kept ended");
        assertEquals(403, server.now("token", "room1").status());
    }

    @Test
    void channel_barred_getsNoTokensUntilTheBarEnds_thoughTheCallIsForgotten() throws Exception {
        begin("room1");
        data("DELETE", "admin/calls/room1?for=30m");

        var refused = server.now("token", "room1");
        assertEquals(403, refused.status());
        assertEquals("barred", refused.header("X-Error-Reason"));
        assertEquals("false", refused.body().path("result").textValue());
        assertFalse(refused.body().path("message").textValue().isEmpty());
        assertFalse(refused.body().has("data"));
        assertEquals(200, server.now("token", "room2").status());

        server.pass(Duration.ofMinutes(29));
        assertEquals(403, server.now("token", "room1").status());
        assertEquals("over", data("GET", "admin/calls/room1").path("state").textValue());
        server.pass(Duration.ofMinutes(1));
        assertEquals(200, server.now("token", "room1").status());
    }

    @Test
    void channel_barredWithoutAnyCall_isForgottenWhenTheBarEnds() throws Exception {
        data("DELETE", "admin/calls/room1?for=20m");
        assertEquals(403, server.now("token", "room1").status());
        server.pass(Duration.ofMinutes(21));
        assertEquals(404, ask("GET", "admin/calls/room1").status());
        assertEquals(200, server.now("token", "room1").status());
    }

    @Test
    void bar_again_replacesTheFirst() throws Exception {
        data("DELETE", "admin/calls/room1?for=24h");
        data("DELETE", "admin/calls/room1");
        assertEquals(403, server.now("token", "room1").status());
        data("DELETE", "admin/calls/room1?for=1s");
        server.pass(Duration.ofSeconds(1));
        assertEquals(200, server.now("token", "room1").status());
    }

    @Test
    void tokens_manyAtOnce_areAllRefusedOnceTheBarIsAnswered() throws Exception {
        begin("room1");
        var before = IntStream.range(0, 64)
                .mapToObj(i -> server.get("token", "room1"))
                .toList();
        data("DELETE", "admin/calls/room1?for=1h");
        var after = IntStream.range(0, 64)
                .mapToObj(i -> server.get("token", "room1"))
                .toList();

        CompletableFuture.allOf(before.toArray(CompletableFuture[]::new)).get();
        for (var one : after) {
            assertEquals(403, one.get().status());
        }
        // Whoever got a token before the bar is of the call that was ended.
        for (var one : before) {
            if (one.get().status() == 200) {
                server.sandbox().join("room1", one.get().data().path("userid").textValue());
            }
        }
        assertTrue(server.until(Duration.ofMinutes(2), () -> users("room1").isEmpty()), "not kept ended");
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void user_putOut_isOut_othersStay(Product product) throws Exception {
        server.close();
        server = TestServer.start(product, SETTINGS);
        var ann = begin("room1");
        server.sandbox().join("room1", "bob");

        var removed = data("DELETE", "admin/calls/room1/users/bob");
        assertEquals("{\"channel\":\"room1\",\"user\":\"bob\",\"removed\":true}", removed.toString());
        assertEquals(List.of(ann), users("room1"));
        assertFalse(
                data("DELETE", "admin/calls/room1/users/bob").path("removed").booleanValue());
        server.pass(Duration.ofSeconds(5));
        assertEquals(
                "[\"" + ann + "\"]",
                data("GET", "admin/calls/room1").path("users").toString());
    }

    @Test
    void user_barred_getsNoTokens_othersDo() throws Exception {
        server.close();
        server = TestServer.start(Map.of("admin.secret", SECRET, "auth", "jwt", "auth.jwt.secret", JwtUser.SECRET));
        data("DELETE", "admin/calls/room1/users/ann?for=2m");

        assertEquals(403, JwtUser.token(server, "ann", "room1").status());
        assertEquals(200, JwtUser.token(server, "bob", "room1").status());
        assertEquals(200, JwtUser.token(server, "ann", "room2").status());
        assertEquals(
                "ann",
                data("GET", "admin/calls/room1")
                        .path("bars")
                        .get(0)
                        .path("user")
                        .textValue());
        server.pass(Duration.ofMinutes(2));
        assertEquals(200, JwtUser.token(server, "ann", "room1").status());
    }

    @Test
    void users_barredBeyondTheBound_areRefusedWith409_andAreNotPutOut() throws Exception {
        for (int i = 0; i < 32; i++) {
            data("DELETE", "admin/calls/room1/users/user" + i + "?for=1h");
            server.pass(Duration.ofMillis(250));
        }
        server.sandbox().join("room1", "ann");
        var answer = ask("DELETE", "admin/calls/room1/users/ann?for=1h");
        assertEquals(409, answer.status());
        assertEquals(List.of("ann"), users("room1"));
        data("DELETE", "admin/calls/room1/users/user3?for=2h");
    }

    @Test
    void seats_ofABarredChannel_areNotTaken() throws Exception {
        server.close();
        server = TestServer.start(Map.of("admin.secret", SECRET, "rtc.1v1audio.maxUsers", "2"));
        data("DELETE", "admin/calls/room1?for=1m");
        for (int i = 0; i < 5; i++) {
            assertEquals(403, server.now("token", "room1").status());
        }
        server.pass(Duration.ofMinutes(1));
        assertEquals(200, server.now("token", "room1").status());
        assertEquals(200, server.now("token", "room1").status());
        assertEquals(409, server.now("token", "room1").status());
    }

    @ParameterizedTest
    @CsvSource({
        "JSON503, 503, unavailable",
        "THROTTLED, 503, throttled",
        "FORBIDDEN, 502, refused",
    })
    void cloud_fails_isTold_andTheBarHoldsAlready(FaultKind kind, int status, String reason) throws Exception {
        var ann = begin("room1");
        server.sandbox().set(Fault.of(kind), DELETE);

        var answer = ask("DELETE", "admin/calls/room1?for=5m");

        assertEquals(status, answer.status(), answer.body()::toString);
        assertEquals(reason, answer.header("X-Error-Reason"));
        assertEquals(403, server.now("token", "room1").status());
        assertEquals("known", data("GET", "admin/calls/room1").path("state").textValue());
        assertEquals(List.of(ann), users("room1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE | admin/calls/room1?for= | for must be a time from 1s to 24h, such as 90, 90s, 10m or 2h",
                "DELETE | admin/calls/room1?for=0 | for must be a time from 1s to 24h, such as 90, 90s, 10m or 2h",
                "DELETE | admin/calls/room1?for=-5 | for must be a time from 1s to 24h, such as 90, 90s, 10m or 2h",
                "DELETE | admin/calls/room1?for=25h | for must be a time from 1s to 24h, such as 90, 90s, 10m or 2h",
                "DELETE | admin/calls/room1?for=86401 | for must be a time from 1s to 24h, such as 90, 90s, 10m or 2h",
                "DELETE | admin/calls/room1?for=1d | for must be a time from 1s to 24h, such as 90, 90s, 10m or 2h",
                "DELETE | admin/calls/room1?for=1m&for=2m | for must be given once",
                "DELETE | admin/calls/room1?fro=10m | The parameters here are for",
                "DELETE | admin/calls/room1/users/a%20b | userId must be 1-64 of A-Z a-z 0-9 _ -",
                "DELETE | admin/calls/a%20b | channelId must be 1-64 of A-Z a-z 0-9 _ -",
                "DELETE | admin/calls/a%20b/users/ann | channelId must be 1-64 of A-Z a-z 0-9 _ -",
                "GET | admin/calls/r%C3%A9 | channelId must be 1-64 of A-Z a-z 0-9 _ -",
                "GET | admin/calls/room1?for=1m | No parameters are taken here",
                "GET | admin/calls?limit=0 | limit must be a whole number from 1 to 1000",
                "GET | admin/calls?limit=1001 | limit must be a whole number from 1 to 1000",
                "GET | admin/calls?limit=many | limit must be a whole number from 1 to 1000",
                "GET | admin/calls?after=room1 | after must be the next of an earlier answer",
                "GET | admin/calls?after=9999999999999999999.room1 | after must be the next of an earlier answer",
                "GET | admin/calls?page=2 | 'The parameters here are limit, after'",
            })
    void parameter_wrong_isToldWithWhatIsAllowed(String method, String target, String message) throws Exception {
        server.sandbox().join("room1", "ann");
        var answer = ask(method, target);
        assertEquals(400, answer.status());
        assertEquals(message, answer.body().path("message").textValue());
        assertEquals(List.of("ann"), users("room1"));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, admin/calls, 'GET, HEAD, OPTIONS'",
        "DELETE, admin/calls, 'GET, HEAD, OPTIONS'",
        "PUT, admin/calls/room1, 'GET, HEAD, DELETE, OPTIONS'",
        "GET, admin/calls/room1/users/ann, 'DELETE, OPTIONS'",
        "DELETE, admin/records, 'GET, HEAD, OPTIONS'",
        "POST, admin/webhooks, 'GET, HEAD, OPTIONS'",
        "GET, admin/webhooks/msg_1_1, 'POST, OPTIONS'",
    })
    void method_wrong_is405WithThoseThatAreAllowed(String method, String target, String allowed) throws Exception {
        var answer = ask(method, target);
        assertEquals(405, answer.status());
        assertEquals(allowed, answer.header("Allow"));
        assertEquals(allowed, ask("OPTIONS", target).header("Allow"));
    }

    @ParameterizedTest
    @CsvSource({
        "admin/calls/",
        "admin/calls/room1/",
        "admin/calls/room1/users",
        "admin/calls/room1/users/ann/more",
        "admin/calls/room1/people/ann",
        "admin/records/more",
        "admin/webhooks/",
        "admin",
        "admin/",
        "admin/other",
    })
    void path_unknown_is404(String target) throws Exception {
        assertEquals(404, ask("GET", target).status());
    }

    @Test
    void acts_each_areInTheLogWithWhoAsked() throws Exception {
        begin("room1");
        ask("DELETE", "admin/calls/room1?for=10m", "X-Admin-Actor", "%E5%BC%A0%E4%B8%89");
        ask("DELETE", "admin/calls/room1/users/bob", "X-Admin-Actor", "eve outcome=forged");
        server.sandbox().set(Fault.of(FaultKind.JSON503));
        ask("DELETE", "admin/calls/room2");

        var log = written.text();
        assertTrue(
                log.contains(
                        "Call ended by the operator   channel=room1 for=600s outcome=ended client=127.0.0.1 actor=张三"),
                log);
        assertTrue(
                log.contains("User put out by the operator   channel=room1 for=- user=bob outcome=not_there"
                        + " client=127.0.0.1 actor=eve?outcome?forged"),
                log);
        assertTrue(
                log.contains(
                        "Call ended by the operator   channel=room2 for=- outcome=unavailable client=127.0.0.1 actor=-"),
                log);
        assertFalse(log.contains(SECRET), "tells the secret");
    }

    @Test
    void metrics_ofAnEndedCall_tellThatTheOperatorEndedIt() throws Exception {
        begin("room1");
        data("DELETE", "admin/calls/room1");
        var metrics = server.text("metrics");
        assertTrue(metrics.contains("alirtc_calls_ended_total{reason=\"operator\"} 1"), metrics);
        assertTrue(metrics.contains("alirtc_calls_ended_total{reason=\"limit\"} 0"), metrics);
    }
}
