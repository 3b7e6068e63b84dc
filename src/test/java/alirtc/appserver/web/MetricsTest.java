package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.description.ApiDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted, from the start on, and of calls. */
class MetricsTest {
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(Map.of("durationlimit", "10"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void assertHas(String metrics, String line) {
        assertTrue(metrics.contains(line), () -> line + " is not in\n" + metrics);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alirtc_http_request_duration_seconds_count{code=\"503\",endpoint=\"token\"} 0",
                "alirtc_upstream_request_duration_seconds_count{action=\"DeleteChannel\",outcome=\"refused\"} 0",
                "alirtc_users_requests_total{source=\"cache\"} 0.0",
                "alirtc_calls_begun_total{by=\"recovered\"} 0.0",
                "alirtc_calls_ended_total{reason=\"limit\"} 0.0",
                "alirtc_calls_unused_total{reason=\"displaced\"} 0.0",
                "alirtc_channel_deletions_total{outcome=\"failed\"} 0.0",
                "alirtc_call_duration_seconds_count 0",
                "alirtc_deadline_delay_seconds_count 0",
                "alirtc_seats_refused_total 0.0",
                "alirtc_build_info{java=",
            })
    void metrics_nothingHappenedYet_areThereWithZero(String line) throws Exception {
        assertHas(server.text("metrics"), line);
    }

    @Test
    void statuses_countedFromTheStart_areThoseThatAreDescribed() {
        for (var endpoint : KnownAnswers.STATUSES.entrySet()) {
            var described = new TreeSet<>(ApiDescription.OURS.paths().stream()
                    .filter(path -> path.matches("/(app/|admin/)?" + endpoint.getKey() + "(/.*)?"))
                    .flatMap(path -> ApiDescription.OURS.statuses(path).stream())
                    .toList());
            described.add(405);
            switch (endpoint.getKey()) {
                // To strangers, nothing is there.
                case "events" -> described.remove(404);
                case "other" -> described.addAll(List.of(400, 404, 408, 413, 500, 503));
                default -> {}
            }
            assertEquals(described, new TreeSet<>(endpoint.getValue()), endpoint.getKey());
        }
    }

    @Test
    void metrics_callThatEverybodyLeft_isCountedWithItsDuration() throws Exception {
        var user = server.now("token", "room1").data().path("userid").textValue();
        server.sandbox().join("room1", user);
        server.pass(Duration.ofMinutes(3));
        server.sandbox().leave("room1", user);
        server.pass(Duration.ofMinutes(2));
        var metrics = server.text("metrics");
        assertHas(metrics, "alirtc_calls_begun_total{by=\"token\"} 1");
        assertHas(metrics, "alirtc_calls_ended_total{reason=\"left\"} 1");
        assertHas(metrics, "alirtc_call_duration_seconds_bucket{le=\"120.0\"} 0");
        assertHas(metrics, "alirtc_call_duration_seconds_bucket{le=\"300.0\"} 1");
    }

    @Test
    void metrics_callThatNobodyCameTo_isCountedApart() throws Exception {
        server.now("token", "room1");
        server.pass(Duration.ofMinutes(3));
        var metrics = server.text("metrics");
        assertHas(metrics, "alirtc_calls_begun_total{by=\"token\"} 0");
        assertHas(metrics, "alirtc_calls_ended_total{reason=\"left\"} 0");
        assertHas(metrics, "alirtc_calls_unused_total{reason=\"expired\"} 1");
        assertHas(metrics, "alirtc_call_duration_seconds_count 0");
    }

    @Test
    void metrics_callThatWasThereBeforeTheServer_isCountedAsRecovered() throws Exception {
        server.sandbox().join("room1", "alice");
        server.now("start", "room1");
        assertHas(server.text("metrics"), "alirtc_calls_begun_total{by=\"recovered\"} 1");
    }

    @Test
    void limit_reached_isCountedWithItsDelay() throws Exception {
        var user = server.now("token", "room1").data().path("userid").textValue();
        server.sandbox().join("room1", user);
        server.pass(Duration.ofMinutes(11));
        var metrics = server.text("metrics");
        assertHas(metrics, "alirtc_calls_begun_total{by=\"token\"} 1");
        assertHas(metrics, "alirtc_calls_ended_total{reason=\"limit\"} 1");
        assertHas(metrics, "alirtc_calls_unused_total{reason=\"expired\"} 0");
        assertHas(metrics, "alirtc_call_duration_seconds_bucket{le=\"300.0\"} 0");
        assertHas(metrics, "alirtc_call_duration_seconds_bucket{le=\"1200.0\"} 1");
        assertHas(metrics, "alirtc_deadline_delay_seconds_bucket{le=\"1.0\"} 1");
    }
}
