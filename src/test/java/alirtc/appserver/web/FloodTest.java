package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers who ask without a pause, or about what is odd, and what others notice of them. */
class FloodTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration STEP = Duration.ofMillis(250);
    private static final String DELETE = "DeleteChannel";
    private static final int CALLS = 5;

    private @Nullable TestServer running;

    private TestServer server(Map<String, String> settings) throws Exception {
        running = TestServer.start(settings);
        return running;
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    /** Begins calls, and returns when the last of them has to be ended, in nanoseconds. */
    private static long beginCalls(TestServer server) throws Exception {
        for (int call = 0; call < CALLS; call++) {
            var channel = "call" + call;
            server.sandbox()
                    .join(
                            channel,
                            server.now("token", channel).data().path("userid").textValue());
            assertEquals(200, server.now("start", channel).status());
            // So that the budget has a permit for the next.
            server.time().advance(Duration.ofMillis(50));
        }
        return server.time().nanoTime() + LIMIT.toNanos();
    }

    private static void passUntil(TestServer server, long nanos) {
        server.until(LIMIT.multipliedBy(2), () -> server.time().nanoTime() >= nanos);
    }

    @Test
    void limit_whileManyAskAboutUnknownChannels_isKept() throws Exception {
        var server = server(Map.of("durationlimit", "1"));
        long endsAt = beginCalls(server);
        long tooLate = endsAt + Duration.ofSeconds(2).toNanos();
        passUntil(server, endsAt - Duration.ofSeconds(1).toNanos());
        var answers = new ArrayList<CompletableFuture<TestServer.Answer>>();
        // 440 a second.
        while (server.time().nanoTime() < tooLate) {
            for (int asker = 0; asker < 110; asker++) {
                answers.add(server.get("users", "unknown" + answers.size()));
            }
            server.pass(STEP);
        }
        assertEquals(CALLS, server.sandbox().requestCount(DELETE));
        assertTrue(answers.stream().anyMatch(answer -> answer.join().status() == 503), "more than the budget");
    }

    @Test
    void limit_afterManyTokensForChannelsThatNobodyJoins_isKeptAndNoneOfTheseIsDeleted() throws Exception {
        var server = server(Map.of("durationlimit", "1"));
        long endsAt = beginCalls(server);
        passUntil(server, endsAt - Duration.ofSeconds(4).toNanos());
        var tokens = new ArrayList<CompletableFuture<TestServer.Answer>>();
        for (int token = 0; token < 1_000; token++) {
            tokens.add(server.get("token", "made-up" + token));
        }
        for (var token : tokens) {
            assertEquals(200, token.get(20, TimeUnit.SECONDS).status());
        }
        passUntil(server, endsAt - Duration.ofSeconds(1).toNanos());
        assertEquals(0, server.sandbox().requestCount(DELETE));
        passUntil(server, endsAt + Duration.ofSeconds(2).toNanos());
        assertEquals(CALLS, server.sandbox().requestCount(DELETE));
        passUntil(server, endsAt + LIMIT.toNanos());
        assertEquals(CALLS, server.sandbox().requestCount(DELETE), "nobody was in the others");
        assertEquals(Map.of(), server.sandbox().channels(), "the calls are what was deleted");
    }

    @Test
    void users_ofAChannelOfWhichTheCloudTalksNonsense_costOthersNothing() throws Exception {
        var server = server(Map.of());
        int odd = 0;
        for (int asker = 0; asker < 60; asker++) {
            server.sandbox().set(Fault.of(FaultKind.MISSING));
            int before = server.sandbox().requestCount("DescribeChannelUsers");
            assertEquals(503, server.now("users", "odd").status());
            odd += server.sandbox().requestCount("DescribeChannelUsers") - before;
            server.sandbox().clearFaults();
            assertEquals(200, server.now("users", "good" + asker).status());
            server.time().advance(Duration.ofMillis(50));
        }
        assertTrue(odd <= 3, "asked " + odd + " times within three seconds");
        server.time().advance(Duration.ofSeconds(1));
        assertEquals(200, server.now("users", "odd").status());
    }

    @Test
    void live_watchOverCallsStands_isToldAfterTenSeconds() throws Exception {
        var server = server(Map.of("durationlimit", "1"));
        assertEquals(200, server.call("GET", "health/live").status());
        // Nothing that is due runs any more, as after an error that nobody caught.
        server.time().shutdown();
        server.time().advance(Duration.ofSeconds(9));
        assertEquals(200, server.call("GET", "health/live").status());
        server.time().advance(Duration.ofSeconds(1));
        assertEquals(503, server.call("GET", "health/live").status());
    }
}
