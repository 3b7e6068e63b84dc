package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.auth.Jwts;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ends a call beside its time limit, over HTTP and with the real SDK, at a time the test holds. */
class CallRulesTest {
    private static final String SECRET = "jwt-secret-nobody-must-see-0123456789-0123456789-0123456";
    private static final Duration ALONE = Duration.ofMinutes(1);

    private @Nullable TestServer running;

    private TestServer server(Map<String, String> settings) throws Exception {
        running = TestServer.start(settings);
        return running;
    }

    private TestServer withJwts(int timeLimit) throws Exception {
        return server(Map.of("auth", "jwt", "auth.jwt.secret", SECRET, "durationlimit", Integer.toString(timeLimit)));
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    private static String jwt(TestServer server, String user, int minutes) {
        var claim = minutes == 0 ? "" : ",'callMinutes':" + minutes;
        var payload = "{'sub':'" + user + "','exp':$+600" + claim + "}";
        var now = server.time().wall().instant();
        return "Bearer " + Jwts.of("{'alg':'HS256'}", payload, now, Jwts.hmac(256, SECRET.getBytes(UTF_8)));
    }

    /** Returns how long the token of the user lives, in seconds. */
    private static long join(TestServer server, String user, int minutes) throws Exception {
        var answer = server.call("GET", "app/token?channelId=room", "Authorization", jwt(server, user, minutes));
        assertEquals(200, answer.status(), answer.body()::toString);
        server.sandbox().join("room", user);
        return answer.data().path("timestamp").longValue()
                - server.time().wall().instant().getEpochSecond();
    }

    /** Returns for how many minutes the call may go on, as a phone is told; 0 if for ever. */
    private static long remainingMinutes(TestServer server) throws Exception {
        var answer =
                server.call("GET", "app/descChannelStartTime?channelId=room", "Authorization", jwt(server, "x", 0));
        assertEquals(200, answer.status(), answer.body()::toString);
        return Math.round(answer.data().path("remainingMillis").doubleValue() / 60_000);
    }

    private static List<String> there(TestServer server) {
        return server.sandbox().participants("room").stream()
                .map(participant -> participant.user())
                .sorted()
                .toList();
    }

    private static double ended(TestServer server, String reason) {
        return server.metrics().stream()
                .filter(metric ->
                        "alirtc_calls_ended".equals(metric.getMetadata().getName()))
                .flatMap(metric -> metric.getDataPoints().stream())
                .filter(point -> reason.equals(point.getLabels().get("reason")))
                .mapToDouble(point -> ((io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot)
                                point)
                        .getValue())
                .sum();
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, 0, 0",
        "-1, 5, 0, 5",
        "-1, 0, 5, 5",
        "-1, 7, 5, 5",
        "10, 0, 0, 10",
        "10, 20, 30, 10",
        "10, 20, 3, 3",
        "10, 4, 30, 4",
    })
    void call_ofTwoJwts_isToldAndEndedAtTheLeastLimit(int operators, int anns, int bobs, int least) throws Exception {
        var server = withJwts(operators);
        join(server, "ann", anns);
        server.pass(Duration.ofSeconds(2));
        join(server, "bob", bobs);
        server.pass(Duration.ofSeconds(6));
        assertEquals(least, remainingMinutes(server));
        if (least == 0) {
            server.pass(Duration.ofMinutes(20));
            assertEquals(List.of("ann", "bob"), there(server));
            return;
        }
        server.pass(Duration.ofMinutes(least).minusSeconds(9));
        assertEquals(List.of("ann", "bob"), there(server), "not before");
        assertTrue(server.until(Duration.ofSeconds(4), () -> there(server).isEmpty()), "not in time");
        assertEquals(1.0, ended(server, "limit"));
    }

    @Test
    void call_bothPhonesAskBeforeEitherComes_isLimitedByBoth() throws Exception {
        var server = withJwts(-1);
        var ann = server.call("GET", "app/token?channelId=room", "Authorization", jwt(server, "ann", 3));
        assertEquals(200, ann.status());
        server.pass(Duration.ofSeconds(2));
        join(server, "bob", 8);
        server.sandbox().join("room", "ann");
        server.pass(Duration.ofSeconds(40));
        assertEquals(2, remainingMinutes(server));
        assertTrue(server.until(Duration.ofMinutes(3), () -> there(server).isEmpty()));
    }

    @Test
    void call_afterOneThatWasLimited_beginsAnew() throws Exception {
        var server = withJwts(10);
        join(server, "ann", 1);
        server.pass(Duration.ofSeconds(70));
        assertEquals(List.of(), there(server));
        join(server, "bob", 0);
        server.pass(Duration.ofSeconds(6));
        assertEquals(10, remainingMinutes(server));
        server.pass(Duration.ofMinutes(5));
        assertEquals(List.of("bob"), there(server));
    }

    @Test
    void token_ofAJwtWithALimit_livesAMinuteLongerThanItsCall() throws Exception {
        var server = withJwts(30);
        assertEquals(6 * 60, join(server, "ann", 5));
        assertEquals(31 * 60, join(server, "bob", 60));
        assertEquals(31 * 60, join(server, "eve", 0));
    }

    private TestServer withAlone() throws Exception {
        return server(Map.of("alone.hangUpAfter", "60s"));
    }

    private static String join(TestServer server) throws Exception {
        var user = server.now("token", "room").data().path("userid").textValue();
        server.sandbox().join("room", user);
        return user;
    }

    /** Has two join, and returns one of them once both are known to be there. */
    private static String join2(TestServer server) throws Exception {
        var user = join(server);
        join(server);
        server.pass(Duration.ofSeconds(40));
        return user;
    }

    @Test
    void alone_oneOfTwoLeaves_theOtherIsPutOutAfterTheTimeAndKeptOut() throws Exception {
        var server = withAlone();
        var left = join2(server);
        assertTrue(server.sandbox().leave("room", left));
        server.pass(ALONE.minusSeconds(1));
        assertEquals(1, there(server).size(), "not before the time");
        var stays = there(server).get(0);
        assertTrue(server.until(Duration.ofSeconds(32), () -> there(server).isEmpty()), "nor long after it");
        assertEquals(1.0, ended(server, "alone"));
        assertEquals(0.0, ended(server, "limit"));
        server.sandbox().join("room", stays);
        assertTrue(server.until(Duration.ofSeconds(15), () -> there(server).isEmpty()), "comes back by the old token");
        join(server);
        server.pass(Duration.ofMinutes(10));
        assertEquals(1, there(server).size(), "a new call, in which nobody else ever was");
    }

    @Test
    void alone_waitsForTheFirstOther_isLeftInPeace() throws Exception {
        var server = withAlone();
        join(server);
        server.pass(Duration.ofMinutes(10));
        assertEquals(1, there(server).size());
    }

    @Test
    void alone_anotherComesInTime_goesOn() throws Exception {
        var server = withAlone();
        var left = join2(server);
        assertTrue(server.sandbox().leave("room", left));
        server.pass(Duration.ofSeconds(50));
        join(server);
        server.pass(Duration.ofMinutes(10));
        assertEquals(2, there(server).size());
        assertEquals(0.0, ended(server, "alone"));
    }

    @Test
    void alone_cloudAwayAtTheTime_isPutOutOnceItIsBackAndStillAlone() throws Exception {
        var server = withAlone();
        var left = join2(server);
        assertTrue(server.sandbox().leave("room", left));
        server.pass(Duration.ofSeconds(45));
        server.sandbox().set(Fault.of(FaultKind.JSON503));
        server.pass(Duration.ofMinutes(2));
        server.sandbox().clearFaults();
        assertFalse(there(server).isEmpty());
        server.sandbox().join("room", left);
        server.pass(Duration.ofMinutes(3));
        assertEquals(2, there(server).size(), "the other came back meanwhile");
        assertTrue(server.sandbox().leave("room", left));
        assertTrue(server.until(Duration.ofSeconds(95), () -> there(server).isEmpty()));
    }

    @Test
    void alone_ruleIsOff_goesOn() throws Exception {
        var server = server(Map.of());
        assertTrue(server.sandbox().leave("room", join2(server)));
        server.pass(Duration.ofMinutes(10));
        assertEquals(1, there(server).size());
    }
}
