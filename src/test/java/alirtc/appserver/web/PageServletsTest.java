package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.TestConfig;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page asks beside the phones' questions. */
class PageServletsTest {
    private static final Map<String, String> CHECKED = Map.of("rtc.tokenCheck", "on");

    private static TestServer.Answer state(TestServer server) throws Exception {
        return answer(server, HttpRequest.newBuilder(server.page().resolve("app/state")));
    }

    private static TestServer.Answer answer(TestServer server, HttpRequest.Builder request) throws Exception {
        return server.send(request).get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static TestServer.Answer check(TestServer server, String type, String body) throws Exception {
        return answer(
                server,
                HttpRequest.newBuilder(server.page().resolve("app/tokenCheck"))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body)));
    }

    private static ObjectNode claim(TestServer server) throws Exception {
        var data = server.now("token", "room").data();
        var claim = JsonNodeFactory.instance.objectNode().put("channelId", "room");
        for (var name : new String[] {"appid", "userid", "nonce", "timestamp", "token"}) {
            claim.set(name, data.path(name));
        }
        return claim;
    }

    @Test
    void state_always_tellsTheSetUpAndNothingSecret() throws Exception {
        try (var server = TestServer.start(Map.of("durationlimit", "30", "rtc.1v1audio.maxUsers", "2"))) {
            server.sandbox().join("secret-room", "secret-user");
            server.now("users", "secret-room");
            var answer = state(server);
            assertEquals(200, answer.status());
            var data = answer.data();
            assertEquals("iwo5", data.path("appIdStart").textValue());
            assertEquals(30, data.path("timeLimitMinutes").intValue());
            assertEquals(2, data.path("maxUsers").intValue());
            assertEquals(31 * 60, data.path("tokenTtlSeconds").intValue());
            assertTrue(data.path("sandbox").booleanValue());
            assertFalse(data.path("tokenCheck").booleanValue());
            assertTrue(data.path("version").textValue().matches("[0-9]+\\.[0-9]+.*"), data::toString);
            var text = answer.body().toString();
            for (var hidden : new String[] {TestConfig.APP_ID, "nobody-must-see", "secret-room", "secret-user"}) {
                assertFalse(text.contains(hidden), text);
            }
        }
    }

    @Test
    void state_upstreamFails_tellsHowAndWhenItLastAnswered() throws Exception {
        try (var server = TestServer.start(Map.of())) {
            long answered = server.time().wall().millis();
            server.time().advance(Duration.ofSeconds(10));
            server.sandbox().set(Fault.of(FaultKind.FORBIDDEN));
            server.now("users", "room");
            var upstream = state(server).data().path("upstream");
            assertEquals("refused", upstream.path("failure").textValue());
            assertEquals(answered, upstream.path("answeredTs").longValue());
            assertEquals(answered + 10_000, upstream.path("askedTs").longValue());
        }
    }

    @Test
    void state_upstreamsClockIsAhead_tellsByHowMuch() throws Exception {
        try (var server = TestServer.start(Map.of())) {
            server.sandbox().set(Fault.skew(Duration.ofMinutes(5)));
            server.now("users", "room");
            long skew = state(server).data().path("upstream").path("skewMillis").longValue();
            assertTrue(Math.abs(skew - 300_000) <= 500, () -> "skew " + skew);
        }
    }

    @Test
    void check_off_isNotThere() throws Exception {
        try (var server = TestServer.start(Map.of())) {
            var answer = check(server, "application/json", claim(server).toString());
            assertEquals(404, answer.status());
            assertTrue(answer.body().path("message").textValue().contains("rtc.tokenCheck"));
        }
    }

    @Test
    void check_tokenAndFields_tellsYesOrNoAndNothingElse() throws Exception {
        try (var server = TestServer.start(CHECKED)) {
            var claim = claim(server);
            assertEquals(
                    "{\"sameApp\":true,\"valid\":true}",
                    check(server, "application/json", claim.toString()).data().toString());
            assertEquals(
                    "{\"sameApp\":true,\"valid\":false}",
                    check(
                                    server,
                                    "application/json;charset=UTF-8",
                                    claim.put("userid", "ann").toString())
                            .data()
                            .toString());
            assertEquals(
                    "{\"sameApp\":false,\"valid\":false}",
                    check(
                                    server,
                                    "application/json",
                                    claim.put("appid", "other").toString())
                            .data()
                            .toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain       | {}                  | must be of type application/json",
                "application/json | {                   | must be a JSON object",
                "application/json | []                  | appid must be there",
                "application/json | ''                  | appid must be there",
                "application/json | {\"appid\":1}       | appid must be there",
                "application/json | {\"appid\":\"a\",\"channelId\":\"a b\"} | channelId must be 1-64",
                "application/json | {\"appid\":\"a\",\"channelId\":\"a\",\"userid\":\"b\",\"nonce\":\"\",\"timestamp\":1e9} | timestamp must be there",
                "application/json | {\"appid\":\"a\",\"channelId\":\"a\",\"userid\":\"b\",\"nonce\":\"\",\"timestamp\":1795329730000} | timestamp must be there",
                "application/json | {\"appid\":\"a\",\"channelId\":\"a\",\"userid\":\"b\",\"nonce\":\"!\",\"timestamp\":1795329730,\"token\":\"\"} | nonce must be",
                "application/json | {\"appid\":\"a\",\"channelId\":\"a\",\"userid\":\"b\",\"nonce\":\"\",\"timestamp\":1795329730,\"token\":\"ab\"} | token must be 64",
            })
    void check_malformed_isRefusedWithWhatIsAllowed(String type, String body, String expected) throws Exception {
        try (var server = TestServer.start(CHECKED)) {
            var answer = check(server, type, body);
            assertEquals(400, answer.status());
            assertTrue(answer.body().path("message").textValue().contains(expected), answer.body()::toString);
        }
    }

    @Test
    void check_longBody_isRefused() throws Exception {
        try (var server = TestServer.start(CHECKED)) {
            var answer = check(server, "application/json", " ".repeat(3000));
            assertEquals(400, answer.status());
            assertTrue(answer.body().path("message").textValue().contains("2048"), answer.body()::toString);
        }
    }

    @Test
    void check_get_isNotAllowed() throws Exception {
        try (var server = TestServer.start(CHECKED)) {
            var answer = answer(server, HttpRequest.newBuilder(server.page().resolve("app/tokenCheck?token=x")));
            assertEquals(405, answer.status());
            assertEquals(
                    "The method must be one of POST, OPTIONS",
                    answer.body().path("message").textValue());
        }
    }
}
