package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls from their first token to their end, over HTTP and with the real SDK, at a time the test holds. */
class CallLifeTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String USERS = "DescribeChannelUsers";
    private static final String DELETE = "DeleteChannel";

    private @Nullable TestServer running;

    private TestServer server(Map<String, String> settings) throws Exception {
        running = TestServer.start(settings);
        return running;
    }

    private TestServer limited() throws Exception {
        return server(Map.of("durationlimit", "2"));
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    private static void until(TestServer server, Duration longest, BooleanSupplier holds) {
        assertTrue(server.until(longest, holds), "not within " + longest);
    }

    private static String join(TestServer server, String channel) throws Exception {
        var user = server.now("token", channel).data().path("userid").textValue();
        server.sandbox().join(channel, user);
        return user;
    }

    private static long start(TestServer server, String channel) throws Exception {
        var answer = server.now("start", channel);
        assertEquals(200, answer.status(), answer.body()::toString);
        return answer.data().path("channelStartTimeTs").longValue();
    }

    @Test
    void limit_cloudAwayWhenItIsReached_isEndedWithinTwoSecondsOfItsReturn() throws Exception {
        var server = limited();
        for (int outage = 0; outage < 6; outage++) {
            var channels = new ArrayList<String>();
            for (int i = 0; i < 5; i++) {
                channels.add("away-" + outage + "-" + i);
                join(server, "away-" + outage + "-" + i);
            }
            server.pass(LIMIT.minusSeconds(5));
            server.sandbox().set(Fault.of(FaultKind.JSON503));
            server.pass(Duration.ofSeconds(20).plusMillis(750L * outage));
            server.sandbox().clearFaults();
            until(
                    server,
                    Duration.ofSeconds(2),
                    () -> channels.stream()
                            .allMatch(channel ->
                                    server.sandbox().participants(channel).isEmpty()));
        }
    }

    @Test
    void call_twoPhones_haveTheSameStartWhichIsTheFirstToken() throws Exception {
        var server = server(Map.of());
        long began = server.time().wall().millis();
        join(server, "room");
        assertEquals(began, start(server, "room"));
        server.time().advance(Duration.ofSeconds(20));
        join(server, "room");
        server.time().advance(Duration.ofSeconds(7));
        var answer = server.now("start", "room").data();
        assertEquals(began, answer.path("channelStartTimeTs").longValue());
        assertEquals("2026-11-22T10:00:00Z", answer.path("channelStartTimeUtc").textValue());
        assertEquals(27_000, answer.path("elapsedMillis").longValue());
        assertEquals(began + 27_000, answer.path("serverTimeTs").longValue());
        assertFalse(answer.has("remainingMillis"));
    }

    @Test
    void call_withTimeLimit_saysWhenItEnds() throws Exception {
        var server = limited();
        long began = server.time().wall().millis();
        join(server, "room");
        server.time().advance(Duration.ofMinutes(1));
        var answer = server.now("start", "room").data();
        assertEquals(began + LIMIT.toMillis(), answer.path("channelEndTimeTs").longValue());
        assertEquals("2026-11-22T10:02:00Z", answer.path("channelEndTimeUtc").textValue());
        assertEquals(
                Duration.ofMinutes(1).toMillis(), answer.path("remainingMillis").longValue());
    }

    @Test
    void start_twoArePresentWhenTheyCanBeAsked_onlyTheFirstIs() throws Exception {
        var server = server(Map.of());
        long began = server.time().wall().millis();
        join(server, "room");
        server.time().advance(Duration.ofSeconds(10));
        server.sandbox().set(Fault.of(FaultKind.REFUSE));
        join(server, "room");
        server.sandbox().clearFaults();
        server.pass(Duration.ofSeconds(6));
        assertEquals(1, server.sandbox().requestCount("DescribeUserInfoInChannel"));
        assertEquals(began, start(server, "room"));
    }

    @Test
    void limit_reached_channelIsDeletedWithinASecondAndTheCallForgotten() throws Exception {
        var server = limited();
        join(server, "room");
        start(server, "room");
        until(
                server,
                LIMIT.minusSeconds(1),
                () -> server.time().nanoTime() >= LIMIT.minusSeconds(1).toNanos());
        assertEquals(0, server.sandbox().requestCount(DELETE));
        until(server, Duration.ofSeconds(2), () -> server.sandbox().requestCount(DELETE) == 1);
        until(server, Duration.ofSeconds(1), () -> server.sandbox().channels().isEmpty());
        assertEquals(404, server.now("start", "room").status());
    }

    @Test
    void limit_upstreamAwayAtTheDeadline_isKeptOnceItIsBack() throws Exception {
        var server = limited();
        join(server, "room");
        start(server, "room");
        until(
                server,
                LIMIT,
                () -> server.time().nanoTime() >= LIMIT.minusSeconds(20).toNanos());
        server.sandbox().set(Fault.of(FaultKind.REFUSE));
        server.time().advance(Duration.ofMinutes(3));
        assertFalse(server.sandbox().channels().isEmpty());
        server.sandbox().clearFaults();
        until(server, Duration.ofSeconds(40), () -> server.sandbox().channels().isEmpty());
    }

    @Test
    void limit_peopleComeBackWithOldTokens_areEndedAgain() throws Exception {
        var server = limited();
        var user = join(server, "room");
        start(server, "room");
        until(server, LIMIT.plusSeconds(5), () -> server.sandbox().requestCount(DELETE) == 1);
        until(server, Duration.ofSeconds(1), () -> server.sandbox().channels().isEmpty());
        server.sandbox().join("room", user);
        until(server, Duration.ofSeconds(30), () -> server.sandbox().requestCount(DELETE) == 2);
        until(server, Duration.ofSeconds(1), () -> server.sandbox().channels().isEmpty());
    }

    @Test
    void limit_ofAnEarlierCall_neverEndsALaterOne() throws Exception {
        var server = limited();
        var first = join(server, "room");
        start(server, "room");
        until(
                server,
                LIMIT,
                () -> server.time().nanoTime() >= LIMIT.minusSeconds(8).toNanos());
        server.sandbox().leave("room", first);
        long began = server.time().wall().millis();
        var asked = new CompletableFuture<Long>();
        join(server, "room");
        var answer = server.get("start", "room")
                .thenApply(found ->
                        asked.complete(found.data().path("channelStartTimeTs").longValue()));
        until(server, Duration.ofSeconds(6), answer::isDone);
        assertEquals(began, asked.join(), "the second call began with its own token");
        until(
                server,
                Duration.ofSeconds(60),
                () -> server.time().nanoTime() >= LIMIT.plusSeconds(45).toNanos());
        assertEquals(0, server.sandbox().requestCount(DELETE));
        assertEquals(1, server.sandbox().channels().size());
    }

    @Test
    void limit_ofAnEarlierCall_lookupFailsAsTheNextBegins_neverEndsTheLaterOne() throws Exception {
        var server = limited();
        var first = join(server, "room");
        start(server, "room");
        server.pass(Duration.ofSeconds(20));
        server.sandbox().leave("room", first);
        server.pass(Duration.ofSeconds(1));
        server.sandbox().set(Fault.of(FaultKind.JSON503));
        long began = server.time().wall().millis();
        int before = server.sandbox().requestCount(USERS);
        var second = server.now("token", "room").data().path("userid").textValue();
        server.sandbox().awaitRequests(USERS, before + 1, TestServer.PATIENCE);
        server.sandbox().clearFaults();
        server.sandbox().join("room", second);
        server.pass(Duration.ofSeconds(4));
        join(server, "room");
        var asked = server.get("start", "room");
        until(server, Duration.ofSeconds(6), asked::isDone);
        assertTrue(
                asked.join().data().path("channelStartTimeTs").longValue() >= began,
                () -> "the second call began with its own token: "
                        + asked.join().body());
        until(server, Duration.ofSeconds(130), () -> server.time().wall().millis() >= began + LIMIT.toMillis() - 1_000);
        assertEquals(0, server.sandbox().requestCount(DELETE), "the earlier call's limit is not the later one's");
        until(server, Duration.ofSeconds(10), () -> server.sandbox().requestCount(DELETE) == 1);
    }

    @Test
    void start_afterARestart_isTheEarliestJoinAndAskedOnceForMany() throws Exception {
        var server = limited();
        server.sandbox().join("room", "ann");
        server.time().advance(Duration.ofSeconds(30));
        server.sandbox().join("room", "bob");
        server.time().advance(Duration.ofSeconds(30));
        server.restart();
        var answers = new ArrayList<CompletableFuture<TestServer.Answer>>();
        for (int asker = 0; asker < 20; asker++) {
            answers.add(server.get("start", "room"));
        }
        for (var answer : answers) {
            var data = answer.get(20, TimeUnit.SECONDS).data();
            assertEquals(
                    "2026-11-22T10:00:00Z", data.path("channelStartTimeUtc").textValue());
            assertEquals(59, data.path("remainingMillis").longValue() / 1000, "to the second that a join is known to");
        }
        assertEquals(1, server.sandbox().requestCount(USERS));
        assertEquals(2, server.sandbox().requestCount("DescribeUserInfoInChannel"));
        until(server, Duration.ofSeconds(62), () -> server.sandbox().requestCount(DELETE) == 1);
    }

    @Test
    void start_recoveredFromAnswersFarApart_isTheEarliestJoinWhateverTheCloudsClockShows() throws Exception {
        var server = server(Map.of("rtc.openapi.maxQps", "1"));
        server.pass(Duration.ofSeconds(10));
        long joined = server.time().wall().millis();
        server.sandbox().join("room", "ann");
        server.time().advance(Duration.ofMinutes(1));
        server.sandbox().join("room", "bob");
        server.sandbox().join("room", "cat");
        server.time().advance(Duration.ofMinutes(1));
        server.sandbox().set(Fault.skew(Duration.ofHours(8)));
        // The second and the third wait for a permit, of which there is one in two seconds.
        var asked = server.get("start", "room");
        until(server, Duration.ofSeconds(5), asked::isDone);
        assertEquals(3, server.sandbox().requestCount("DescribeUserInfoInChannel"));
        long start = asked.join().data().path("channelStartTimeTs").longValue();
        assertTrue(Math.abs(start - joined) < 1_500, () -> "off by " + (start - joined) + " ms");
    }

    @Test
    void token_inALiveChannelAfterARestart_keepsTheEarliestJoin() throws Exception {
        var server = server(Map.of());
        server.sandbox().join("room", "ann");
        server.time().advance(Duration.ofMinutes(3));
        server.now("token", "room");
        assertEquals(
                "2026-11-22T10:00:00Z",
                server.now("start", "room").data().path("channelStartTimeUtc").textValue());
    }

    @Test
    void start_upstreamLiesEmptyOnce_keepsTheStart() throws Exception {
        var server = server(Map.of());
        long began = server.time().wall().millis();
        join(server, "room");
        start(server, "room");
        server.time().advance(Duration.ofSeconds(2));
        assertEquals(1, server.now("users", "room").data().path("commTotalNum").intValue());
        server.sandbox().set(Fault.of(FaultKind.EMPTY));
        int before = server.sandbox().requestCount(USERS);
        server.now("token", "room");
        // The last answer is a moment old.
        server.time().advance(Duration.ofSeconds(1));
        server.sandbox().awaitRequests(USERS, before + 1, TestServer.PATIENCE);
        assertEquals(0, server.now("users", "room").data().path("commTotalNum").intValue());
        var asked = server.get("start", "room");
        assertFalse(asked.isDone());
        server.sandbox().clearFaults();
        until(server, Duration.ofSeconds(6), asked::isDone);
        assertEquals(began, asked.join().data().path("channelStartTimeTs").longValue());
    }

    @Test
    void token_manyInAMoment_areCheckedByOneQuestion() throws Exception {
        var server = server(Map.of());
        join(server, "room");
        long began = start(server, "room");
        server.pass(Duration.ofSeconds(3));
        server.now("users", "room");
        int before = server.sandbox().requestCount(USERS);
        server.time().advance(Duration.ofMillis(10));
        for (int token = 0; token < 20; token++) {
            server.now("token", "room");
        }
        assertEquals(before, server.sandbox().requestCount(USERS), "the last answer has just come");
        assertEquals(began, start(server, "room"), "a phone that waits for the check need not wait for its time");
        assertEquals(before + 1, server.sandbox().requestCount(USERS));
        server.time().advance(Duration.ofMillis(10));
        for (int token = 0; token < 20; token++) {
            server.now("token", "room");
        }
        until(server, Duration.ofSeconds(2), () -> server.sandbox().requestCount(USERS) == before + 2);
        server.pass(Duration.ofSeconds(3));
        assertEquals(before + 2, server.sandbox().requestCount(USERS));
    }

    @Test
    void users_manyAskersAtOnce_makeOneCall() throws Exception {
        var server = server(Map.of());
        server.sandbox().join("room", "ann");
        server.sandbox().set(Fault.slow(Duration.ofSeconds(2)));
        var answers = new ArrayList<CompletableFuture<TestServer.Answer>>();
        for (int asker = 0; asker < 100; asker++) {
            answers.add(server.get("users", "room"));
        }
        for (var answer : answers) {
            assertEquals(200, answer.get(20, TimeUnit.SECONDS).status());
        }
        assertEquals(1, server.sandbox().requestCount(USERS));
    }

    @Test
    void users_budgetIsFree_areThoseWhoAreThereNow() throws Exception {
        var server = server(Map.of());
        server.sandbox().join("room", "ann");
        assertEquals(1, server.now("users", "room").data().path("userList").size());
        server.sandbox().join("room", "bob");
        assertEquals(2, server.now("users", "room").data().path("userList").size(), "the phone whose peer just joined");
    }

    @Test
    void users_budgetIsTight_areThoseOfTheCacheTtlAgoAtMost() throws Exception {
        var server = server(Map.of("rtc.users.cacheTtl", "2s", "rtc.openapi.maxQps", "1"));
        server.pass(Duration.ofSeconds(5));
        server.now("users", "room");
        server.time().advance(Duration.ofMillis(100));
        server.now("users", "room");
        assertEquals(1, server.sandbox().requestCount(USERS), "no more than one a second may be asked");
        server.time().advance(Duration.ofMillis(2_100));
        server.now("users", "room");
        assertEquals(2, server.sandbox().requestCount(USERS));
    }

    @Test
    void users_budgetIsTightAndATokenWasIssued_areThoseOfAMomentAgo() throws Exception {
        var server = server(Map.of("rtc.users.cacheTtl", "2s", "rtc.openapi.maxQps", "1"));
        server.pass(Duration.ofSeconds(5));
        server.now("users", "room");
        server.now("token", "room");
        assertEquals(200, server.now("users", "room").status(), "whose lookup waits for its turn");
        assertEquals(1, server.sandbox().requestCount(USERS));
    }

    @Test
    void users_askedAgainAndAgainWhileTheBudgetIsTight_areLookedUpBeforeTheAnswerExpires() throws Exception {
        var server = server(Map.of("rtc.users.cacheTtl", "4s", "rtc.openapi.maxQps", "1"));
        server.pass(Duration.ofSeconds(5));
        server.now("users", "room");
        server.pass(Duration.ofMillis(2_500));
        server.now("users", "other");
        server.pass(Duration.ofSeconds(1));
        server.now("users", "room");
        assertEquals(2, server.sandbox().requestCount(USERS), "two seconds have to pass between them");
        until(server, Duration.ofSeconds(2), () -> server.sandbox().requestCount(USERS) == 3);
    }

    @Test
    void users_moreThanTheBudget_areRefusedAtOnceWithRetryAfter() throws Exception {
        var server = server(Map.of("rtc.openapi.maxQps", "8"));
        server.sandbox().set(Fault.of(FaultKind.NONE));
        var answers = new ArrayList<CompletableFuture<TestServer.Answer>>();
        for (int channel = 0; channel < 60; channel++) {
            answers.add(server.get("users", "room" + channel));
        }
        // Two go out at once and eleven may wait; the rest is told so before any time passes.
        var refusals = new CountDownLatch(45);
        answers.replaceAll(answer -> answer.whenComplete((done, failure) -> refusals.countDown()));
        assertTrue(refusals.await(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        until(server, Duration.ofSeconds(6), () -> answers.stream().allMatch(CompletableFuture::isDone));
        long refused = answers.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.status() == 503)
                .count();
        assertTrue(refused >= 45, "refused " + refused);
        assertTrue(
                server.sandbox().requestCount(USERS) <= 15,
                "called " + server.sandbox().requestCount(USERS));
        answers.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.status() == 503)
                .forEach(answer -> assertTrue(answer.retryAfter().matches("[1-9]"), answer.retryAfter()));
    }

    @Test
    void breaker_afterManyFailures_failsAtOnceWhileKnownStartsGoOnAndHeals() throws Exception {
        var server = server(Map.of());
        join(server, "known");
        start(server, "known");
        server.sandbox().set(Fault.of(FaultKind.REFUSE));
        for (int failure = 0; failure < 20; failure++) {
            assertEquals(503, server.now("users", "room" + failure).status());
            // So that the budget has a permit for the next.
            server.time().advance(Duration.ofMillis(50));
        }
        assertEquals(200, server.now("token", "known").status());
        server.sandbox().clearFaults();
        int before = server.sandbox().requestCount(USERS);
        var refused = server.now("users", "room");
        assertEquals(503, refused.status());
        assertTrue(refused.retryAfter().matches("[45]"), refused.retryAfter());
        assertEquals(before, server.sandbox().requestCount(USERS), "an open breaker asks nothing");
        assertEquals(200, server.now("start", "known").status());
        server.time().advance(Duration.ofSeconds(6));
        assertEquals(200, server.now("users", "room").status());
    }

    @Test
    void clock_setForwardAnHour_endsNoCall() throws Exception {
        var server = limited();
        join(server, "room");
        start(server, "room");
        server.time().step(Duration.ofHours(1));
        server.time().advance(Duration.ofSeconds(5));
        var data = server.now("start", "room").data();
        assertEquals(5_000, data.path("elapsedMillis").longValue());
        assertEquals(
                LIMIT.minusSeconds(5).toMillis(), data.path("remainingMillis").longValue());
        assertEquals(0, server.sandbox().requestCount(DELETE));
    }

    @Test
    void registry_fullOfLiveCalls_tokensGoOnWithoutAStartTime() throws Exception {
        var server = server(Map.of("calls.max", "2"));
        join(server, "one");
        join(server, "two");
        start(server, "one");
        start(server, "two");
        assertEquals(200, server.now("token", "three").status());
        assertEquals(404, server.now("start", "three").status());
        assertEquals(200, server.now("start", "one").status());
    }
}
