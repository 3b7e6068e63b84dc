package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What goes on, as the page is told. */
class OverviewTest {
    private static final Duration SAMPLE = Duration.ofSeconds(15);

    private static JsonNode overview(TestServer server) throws Exception {
        var answer = server.call("GET", "app/overview");
        assertEquals(200, answer.status(), answer.body()::toString);
        return answer.data();
    }

    private static JsonNode last(JsonNode overview) {
        var samples = overview.path("samples");
        return samples.path(samples.size() - 1);
    }

    private static List<String> channels(JsonNode overview) {
        return StreamSupport.stream(overview.path("calls").spliterator(), false)
                .map(call -> call.path("channelId").textValue())
                .toList();
    }

    /** Has a call begin of somebody who got a token. */
    private static void begin(TestServer server, String channel) throws Exception {
        var user = server.now("token", channel).data().path("userid").textValue();
        server.sandbox().join(channel, user);
        server.now("users", channel);
        server.now("start", channel);
    }

    @Test
    void samples_asTimePasses_areOfAQuarterOfAnHourAtTheMost() throws Exception {
        try (var server = TestServer.start(Map.of())) {
            assertEquals(1, overview(server).path("samples").size(), "the one that is not over");
            server.now("token", "room");
            assertEquals(1, last(overview(server)).path("tokens").intValue());
            server.pass(SAMPLE);
            assertEquals(0, last(overview(server)).path("tokens").intValue());
            assertEquals(
                    1, overview(server).path("samples").path(0).path("tokens").intValue());
            for (int i = 0; i < 70; i++) {
                server.time().advance(SAMPLE);
            }
            var samples = overview(server).path("samples");
            assertEquals(61, samples.size());
            long shown = samples.path(60).path("ts").longValue()
                    - samples.path(0).path("ts").longValue();
            assertTrue(shown <= Duration.ofMinutes(15).toMillis(), () -> shown + " ms");
        }
    }

    @Test
    void calls_live_areShownWithTheirLimitTheNewestFirst() throws Exception {
        try (var server = TestServer.start(Map.of("durationlimit", "1", "rtc.1v1audio.maxUsers", "2"))) {
            begin(server, "first");
            server.pass(Duration.ofSeconds(20));
            begin(server, "second");
            server.now("token", "nobodyCame");
            server.pass(Duration.ofSeconds(2));
            var overview = overview(server);
            assertEquals(List.of("second", "first"), channels(overview));
            var first = overview.path("calls").path(1);
            assertEquals(22_000, first.path("elapsedMillis").doubleValue(), 1_000.0);
            assertEquals(38_000, first.path("remainingMillis").doubleValue(), 1_000.0);
            assertEquals("known", first.path("state").textValue());
            assertEquals(1, first.path("people").intValue());
            assertEquals(1, first.path("seatsTaken").intValue());
            assertEquals(2, last(overview).path("liveCalls").intValue());
            server.pass(Duration.ofSeconds(39));
            assertEquals(List.of("second"), channels(overview(server)), "the first has reached its limit");
        }
    }

    @Test
    void call_atItsLimitWhileTheCloudHangs_isEnding() throws Exception {
        try (var server = TestServer.start(Map.of("durationlimit", "1"))) {
            begin(server, "room");
            server.pass(Duration.ofSeconds(55));
            server.sandbox().set(Fault.of(FaultKind.HANG));
            server.pass(Duration.ofSeconds(7));
            var call = overview(server).path("calls").path(0);
            assertEquals("ending", call.path("state").textValue());
            assertEquals(0, call.path("remainingMillis").longValue());
        }
    }

    @Test
    void sample_whileTheCloudThrottlesOrFails_saysSo() throws Exception {
        try (var server = TestServer.start(Map.of())) {
            assertEquals("well", last(overview(server)).path("cloud").textValue());
            server.sandbox().set(Fault.of(FaultKind.THROTTLED));
            assertEquals(503, server.now("users", "room").status());
            var throttled = last(overview(server));
            assertEquals("throttled", throttled.path("cloud").textValue());
            assertEquals(1, throttled.path("errors").intValue());
            server.sandbox().set(Fault.of(FaultKind.JSON503));
            server.pass(SAMPLE);
            server.now("users", "room");
            assertEquals("failing", last(overview(server)).path("cloud").textValue());
            for (int i = 0; i < 20; i++) {
                server.now("users", "room" + i);
                server.pass(Duration.ofMillis(250));
            }
            assertEquals("spared", last(overview(server)).path("cloud").textValue());
        }
    }

    @Test
    void sample_whileTheBudgetIsUsed_saysHowMuchIsLeft() throws Exception {
        try (var server = TestServer.start(Map.of("rtc.openapi.maxQps", "1"))) {
            server.pass(SAMPLE.multipliedBy(2));
            assertEquals(1, last(overview(server)).path("budgetLeft").doubleValue(), 0.0);
            for (int i = 0; i < 8; i++) {
                server.now("token", "room" + i);
            }
            server.pass(Duration.ofSeconds(10));
            assertEquals(0, last(overview(server)).path("budgetLeft").doubleValue(), 0.3);
        }
    }

    @Test
    void stranger_asking_isToldNoNames() throws Exception {
        try (var server = TestServer.start(Map.of("metrics.allow", "10.0.0.1"))) {
            begin(server, "secret-room");
            var answer = server.call("GET", "app/overview");
            assertEquals(403, answer.status());
            assertEquals("forbidden", answer.header("X-Error-Reason"));
            assertFalse(answer.body().toString().contains("secret-room"));
            assertTrue(answer.body().path("message").textValue().contains("metrics.allow"));
        }
    }

    @Test
    void jwt_wanted_isNotAskedOfWhoeverMayReadTheMetrics() throws Exception {
        try (var server = TestServer.start(Map.of(
                "auth", "jwt", "auth.jwt.secret", "jwt-secret-of-the-overview-0123456789", "rate.perMinute", "1"))) {
            for (int i = 0; i < 3; i++) {
                overview(server);
            }
        }
    }

    @Test
    void page_ofAnotherOrigin_mayNotReadIt() throws Exception {
        try (var server = TestServer.start(Map.of("cors.allowedOrigins", "*"))) {
            for (var path : List.of("app/overview", "app/connect?page=x")) {
                var answer = server.call("GET", path, "Origin", "https://elsewhere.example.com");
                assertEquals(List.of(), answer.headers().allValues("Access-Control-Allow-Origin"));
            }
        }
    }
}
