package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a phone gets from each endpoint under each fault of the upstream, and how long it waits by the server's clock,
 * with either product.
 */
@ParameterizedClass
@EnumSource(Product.class)
class FaultTableTest {
    /** Faults under which the upstream's answer takes longer than anybody waits. */
    private static final Set<String> ENDLESS = Set.of("hang", "trickle", "slow");

    private static final Duration STEP = Duration.ofMillis(500);

    /** How long a step lasts in real time: an answer that the server can give by now is to come within the step. */
    private static final long MILLIS_FOR_AN_ANSWER = 100;

    /** Where there is no answer to come but that time is up. */
    private static final long MILLIS_FOR_NOTHING = 10;

    private final Product product;

    FaultTableTest(Product product) {
        this.product = product;
    }

    @ParameterizedTest
    @CsvSource({
        "none,           200, 200, 404",
        "hang,           504, 504, 504",
        "slow,           504, 504, 504",
        "trickle,        504, 504, 504",
        "refuse,         503, 503, 503",
        "reset,          503, 503, 503",
        "html500,        503, 503, 503",
        "json503,        503, 503, 503",
        "throttled,      503, 503, 503",
        "forbidden,      502, 502, 502",
        "truncated,      503, 503, 503",
        "truncatederror, 503, 503, 503",
        "wrongtypes,     503, 503, 503",
        "missing,        503, 503, 503",
        "wronganswer,    503, 503, 503",
        "huge,           503, 503, 503",
        "empty,          200, 404, 404",
        "skew,           200, 200, 404",
    })
    void answer_underTheFault_isInTimeAndHonest(String fault, int users, int start, int startOnLive) throws Exception {
        try (var server = TestServer.start(product, Map.of())) {
            server.sandbox().join("room", "ann");
            server.time().advance(Duration.ofMinutes(10));
            set(server, fault);

            var token = server.now("token", "other");
            assertEquals(200, token.status(), "a token is answered at once");

            assertAnswer(server, fault, "users", users);
            server.time().advance(Duration.ofSeconds(30));
            // Live cannot tell the start of a call that was there before the server.
            assertAnswer(server, fault, "start", product == Product.LIVE ? startOnLive : start);
        }
    }

    @ParameterizedTest
    @CsvSource({"hang", "refuse", "html500", "throttled", "truncated", "missing", "forbidden"})
    void start_rightAfterATokenUnderTheFault_isTheTokens(String fault) throws Exception {
        try (var server = TestServer.start(product, Map.of())) {
            set(server, fault);
            long tokenAt = server.time().wall().millis();
            assertEquals(200, server.now("token", "room").status());
            var asked = server.get("start", "room");
            var answer = inTime(server, fault, 1, millisFor(fault, 200), asked);
            assertEquals(200, answer.status(), answer.body()::toString);
            assertEquals(tokenAt, answer.data().path("channelStartTimeTs").longValue());
        }
    }

    private static long millisFor(String fault, int status) {
        if (fault.equals("none")) {
            return TestServer.PATIENCE.toMillis();
        }
        return status == 504 ? MILLIS_FOR_NOTHING : MILLIS_FOR_AN_ANSWER;
    }

    /** Returns the answer, for which no more may pass by the server's clock than anybody waits. */
    private static TestServer.Answer inTime(
            TestServer server, String fault, int calls, long millis, CompletableFuture<TestServer.Answer> asked)
            throws Exception {
        if (ENDLESS.contains(fault)) {
            server.sandbox().awaitRequests("DescribeChannelUsers", calls, TestServer.PATIENCE);
        }
        for (var passed = Duration.ZERO;
                passed.compareTo(UpstreamDispatcher.MAX_WAIT) < 0;
                passed = passed.plus(STEP)) {
            try {
                return asked.get(millis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                server.time().advance(STEP);
            }
        }
        return asked.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void set(TestServer server, String fault) {
        var kind = FaultKind.named(fault);
        switch (kind) {
            case SLOW -> server.sandbox().set(Fault.slow(Duration.ofMinutes(1)));
            case SKEW -> server.sandbox().set(Fault.skew(Duration.ofHours(8)));
            default -> server.sandbox().set(Fault.of(kind));
        }
    }

    private static void assertAnswer(TestServer server, String fault, String question, int status) throws Exception {
        int before = server.sandbox().requestCount("DescribeChannelUsers");
        var asked = server.get(question, "room");
        var answer = inTime(server, fault, before + 1, millisFor(fault, status), asked);
        assertEquals(status, answer.status(), () -> question + " under " + fault + ": " + answer.body());
        assertEquals(Integer.toString(status), answer.body().path("code").textValue());
        assertEquals(
                status == 200 ? "true" : "false", answer.body().path("result").textValue());
        if (status == 200) {
            assertHonest(server, question, fault, answer);
        } else {
            assertFalse(answer.body().has("data"));
            assertFalse(answer.body().path("message").textValue().isEmpty());
            assertEquals(status == 503, answer.retryAfter().matches("[1-9][0-9]*"), "Retry-After with 503 alone");
        }
    }

    private static void assertHonest(TestServer server, String question, String fault, TestServer.Answer answer) {
        if ("users".equals(question)) {
            int shown = answer.data().path("userList").size();
            assertEquals("empty".equals(fault) ? 0 : 1, shown, "what the upstream said is passed on");
        } else {
            long since = server.time().wall().millis()
                    - answer.data().path("channelStartTimeTs").longValue();
            assertTrue(
                    Math.abs(since - Duration.ofSeconds(630).toMillis()) < 2000,
                    () -> "Ann joined 10 min 30 s ago, whatever the upstream's clock says, not " + since + " ms");
        }
    }
}
