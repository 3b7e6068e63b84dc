package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** What an operator sees of the server: its health, its metrics, its log. */
class OperationTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(Map.of("durationlimit", "10"));
        lines.start();
        for (var name : List.of("requests", "calls")) {
            logger(name).setLevel(Level.INFO);
            logger(name).addAppender(lines);
        }
    }

    @AfterEach
    void stop() {
        for (var name : List.of("requests", "calls")) {
            logger(name).setLevel(Level.WARN);
            logger(name).detachAppender(lines);
        }
        server.close();
    }

    private static Logger logger(String name) {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(name);
    }

    /** Returns the lines of a logger as the log shows them, without their time. */
    private List<String> lines(String logger) {
        return List.copyOf(lines.list).stream()
                .filter(event -> event.getLoggerName().equals(logger))
                .filter(event -> !String.valueOf(event.getKeyValuePairs()).contains("warm-up"))
                .map(event -> event.getFormattedMessage() + " "
                        + (event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs())
                                .stream()
                                        .map(pair -> String.valueOf(pair).replace("\"", ""))
                                        .collect(Collectors.joining(" ")))
                // The request that readies the server, which may be logged after its answer is there.
                .filter(line -> !line.contains(" channel=warm-up "))
                .toList();
    }

    /** Waits for the lines of requests, each written once its request is answered, which a client may see first. */
    private void awaitRequests(int count) {
        long end = System.nanoTime() + TestServer.PATIENCE.toNanos();
        while (lines("requests").size() < count && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertEquals(count, lines("requests").size());
    }

    private String text(String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(address(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString()).body();
    }

    private URI address(String path) {
        return server.page().resolve(path);
    }

    @Test
    void health_serverThatRuns_isLiveAndReady() throws Exception {
        assertAll(
                () -> assertEquals("successful", text("health.html")),
                () -> assertTrue(text("health/live").contains("\"status\":\"live\"")),
                () -> assertTrue(text("health/ready").contains("\"status\":\"ready\",\"upstream\":\"closed\"")),
                () -> assertTrue(text("health/other").contains("\"code\":\"404\"")));
    }

    @Test
    void ready_upstreamThatFails_isToldAndStaysReady() throws Exception {
        server.sandbox().set(Fault.of(FaultKind.HTML500));
        for (int i = 0; i < 12; i++) {
            server.now("users", "room" + i);
            server.pass(Duration.ofMillis(250));
        }
        assertTrue(text("health/ready").contains("\"status\":\"ready\",\"upstream\":\"open\""));
        assertTrue(text("metrics").contains("alirtc_upstream_breaker_open 1.0"));
    }

    @Test
    void ready_serverThatStops_isNotReady() throws Exception {
        server.stopApplication();
        assertTrue(text("health/ready").contains("\"message\":\"The server is stopping\",\"code\":\"503\""));
        assertTrue(text("health/live").contains("\"status\":\"live\""));
    }

    @Test
    void metrics_afterSomeRequests_countThemByEndpointAndCode() throws Exception {
        server.now("token", "room1");
        server.now("token", "room1");
        server.now("token", "no.good");
        server.now("users", "room2");
        server.now("users", "room2");
        server.now("nothing", "room1");
        // The last request is counted when its answer is written.
        var metrics = metricsWith("alirtc_http_request_duration_seconds_count{code=\"404\",endpoint=\"other\"} 1");
        assertAll(
                () -> assertHas(
                        metrics, "alirtc_http_request_duration_seconds_count{code=\"200\",endpoint=\"token\"} 2"),
                () -> assertHas(
                        metrics, "alirtc_http_request_duration_seconds_count{code=\"400\",endpoint=\"token\"} 1"),
                () -> assertHas(
                        metrics, "alirtc_http_request_duration_seconds_count{code=\"404\",endpoint=\"other\"} 1"),
                () -> assertHas(metrics, "alirtc_users_requests_total{source=\"upstream\"} 3"),
                () -> assertHas(
                        metrics,
                        "alirtc_upstream_request_duration_seconds_count{action=\"DescribeChannelUsers\",outcome=\"ok\"} "),
                // Nobody was seen yet.
                () -> assertHas(metrics, "alirtc_calls_begun_total{by=\"token\"} 0"),
                () -> assertHas(metrics, "alirtc_calls_live 0"),
                () -> assertHas(metrics, "alirtc_channels_known 1"),
                () -> assertHas(metrics, "alirtc_upstream_permits_per_second 80"),
                () -> assertHas(metrics, "jvm_memory_used_bytes"),
                () -> assertFalse(metrics.contains("room1"), "a label grows with channels"));
    }

    /** Returns the metrics as soon as they have a line. */
    private String metricsWith(String line) throws Exception {
        long end = System.nanoTime() + TestServer.PATIENCE.toNanos();
        var metrics = text("metrics");
        while (!metrics.contains(line) && System.nanoTime() < end) {
            metrics = text("metrics");
        }
        return metrics;
    }

    private static void assertHas(String metrics, String line) {
        assertTrue(metrics.contains(line), () -> line + " is not in\n" + metrics);
    }

    @Test
    void metrics_passedOnByAProxyNobodyTrusts_areRefused() throws Exception {
        assertTrue(text("metrics", "X-Forwarded-For", "127.0.0.1").contains("\"code\":\"403\""));
    }

    @Test
    void log_request_hasALineThatCannotBeForged() throws Exception {
        text(
                "app/token?channelId=room1",
                "appName",
                "My App\tcode=500",
                "appVersionCode",
                "7",
                "bundleId",
                "x".repeat(99));
        awaitRequests(1);
        text("app/token?channelId=a%0Ab", "appName", "ok");
        awaitRequests(2);
        var requests = lines("requests");
        assertAll(
                () -> assertTrue(
                        requests.get(0)
                                .matches(
                                        "served request=\\S+ endpoint=token channel=room1 code=200 ms=[0-9.]+"
                                                + " trace=[0-9a-f]{32} appName=My\\?App\\?code\\?500 appVersionCode=7 bundleId=x{64}"),
                        requests.get(0)),
                () -> assertTrue(requests.get(1).contains(" channel=a?0Ab code=400 "), requests.get(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "%E8%AF%AD%E9%9F%B3%E9%80%9A%E8%AF%9D,            语音通话",
        "Demo%20%e8%af%ad%0Acode%3D500,                   Demo?语?code?500",
        "%E8%AF%AD%E2%80%AE%D7%90,                        语??",
        "%E8%AF,                                          ?E8?AF",
        "100%,                                            100?",
        "%00,                                             ?",
    })
    void log_encodedAppName_isReadableAndForgesNothing(String sent, String shown) throws Exception {
        text("app/token?channelId=room1", "appName", sent);
        awaitRequests(1);
        assertTrue(
                lines("requests").get(0).contains(" appName=" + shown + " appVersionCode="),
                lines("requests")::toString);
    }

    @Test
    void log_longEncodedAppName_isCutToLettersNotBytes() throws Exception {
        text("app/token?channelId=room1", "appName", "%E8%AF%AD".repeat(99));
        awaitRequests(1);
        assertTrue(lines("requests").get(0).contains(" appName=" + "语".repeat(64) + " "), lines("requests")::toString);
    }

    @Test
    void log_callThatReachesItsLimit_isToldFromBeginningToEnd() throws Exception {
        var user = server.now("token", "room1").data().path("userid").textValue();
        server.sandbox().join("room1", user);
        server.pass(Duration.ofMinutes(11));
        assertEquals(
                List.of(
                        "Call began channel=room1 by=token",
                        "Time limit reached channel=room1",
                        "Channel deleted channel=room1 reason=limit",
                        "Call ended channel=room1 reason=limit"),
                lines("calls"));
        assertHas(text("metrics"), "alirtc_channel_deletions_total{outcome=\"done\"} 1");
        assertHas(text("metrics"), "alirtc_calls_ended_total{reason=\"limit\"} 1");
    }

    @Test
    void log_callThatEverybodyLeft_isToldToHaveEnded() throws Exception {
        server.now("token", "room1");
        server.pass(Duration.ofMinutes(2));
        assertEquals(
                List.of("Call began channel=room1 by=token", "Call ended channel=room1 reason=left"), lines("calls"));
    }
}
