package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.sandbox.EventFaultKind;
import alirtc.appserver.sandbox.EventFaults;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls of which the cloud tells by events, over HTTP and with the real SDK, at a time the test holds. */
class EventsTest {
    private static final String USERS = "DescribeChannelUsers";
    private static final String DELETE = "DeleteChannel";

    private @Nullable TestServer running;

    private TestServer server(Product product, Map<String, String> more) throws Exception {
        var settings = new HashMap<>(more);
        settings.put("events", "on");
        running = TestServer.start(product, settings);
        return running;
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    private static String join(TestServer server, String channel) throws Exception {
        var user = server.now("token", channel).data().path("userid").textValue();
        server.pass(Duration.ofSeconds(1));
        server.sandbox().join(channel, user);
        server.awaitEvents();
        return user;
    }

    private static long start(TestServer server, String channel) throws Exception {
        var answer = server.now("start", channel);
        assertEquals(200, answer.status(), answer.body()::toString);
        return answer.data().path("channelStartTimeTs").longValue();
    }

    private static String events(TestServer server) throws Exception {
        return server.call("GET", "health/ready").data().path("events").textValue();
    }

    private static int lookups(TestServer server) {
        return server.sandbox().requestCount(USERS);
    }

    /** Lets two phones meet, by which it is known that events come, and part again. */
    private static void callAndPart(TestServer server, String channel) throws Exception {
        var first = join(server, channel);
        var second = join(server, channel);
        server.sandbox().leave(channel, first);
        server.sandbox().leave(channel, second);
        server.awaitEvents();
    }

    private static TestServer.Answer post(TestServer server, String path, String body) throws Exception {
        return server.send(HttpRequest.newBuilder(server.page().resolve(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void leave_ofTheLast_oneLookupEndsTheCallAtOnce(Product product) throws Exception {
        var server = server(product, Map.of());
        assertEquals("waiting", events(server));
        var first = join(server, "room");
        var second = join(server, "room");
        assertEquals("heard", events(server));
        assertTrue(server.text("metrics").contains("\nalirtc_calls_live 1.0\n"));
        server.pass(Duration.ofMinutes(1));
        int before = lookups(server);
        server.sandbox().leave("room", first);
        server.awaitEvents();
        assertEquals(before, lookups(server), "one is left");
        server.sandbox().leave("room", second);
        server.awaitEvents();
        assertEquals(before + 1, lookups(server));
        assertTrue(server.text("metrics").contains("\nalirtc_calls_live 0.0\n"));
        assertEquals(404, server.now("start", "room").status());
    }

    @Test
    void token_afterACallThatIsOver_beginsTheNextWithoutALookup() throws Exception {
        var server = server(Product.RTC, Map.of());
        callAndPart(server, "warm-up");
        join(server, "room");
        server.pass(Duration.ofMinutes(1));
        server.sandbox()
                .leave("room", server.sandbox().participants("room").get(0).user());
        server.awaitEvents();
        server.pass(Duration.ofSeconds(5));
        int before = lookups(server);
        long began = server.time().wall().millis();
        var user = server.now("token", "room").data().path("userid").textValue();
        server.pass(Duration.ofSeconds(1));
        assertEquals(before, lookups(server));
        server.sandbox().join("room", user);
        server.awaitEvents();
        assertEquals(began, start(server, "room"));
        assertEquals(before, lookups(server));
    }

    @Test
    void polls_whileEventsAreHeard_areFew() throws Exception {
        var server = server(Product.RTC, Map.of());
        callAndPart(server, "warm-up");
        join(server, "room");
        join(server, "room");
        server.pass(Duration.ofMinutes(1));
        int before = lookups(server);
        server.pass(Duration.ofMinutes(4));
        assertEquals(before, lookups(server));
        server.pass(Duration.ofMinutes(2));
        assertEquals(before + 1, lookups(server));
    }

    @Test
    void polls_withALiveList_areSweeps() throws Exception {
        var server = server(Product.LIVE, Map.of());
        callAndPart(server, "warm-up");
        for (int i = 0; i < 5; i++) {
            join(server, "room" + i);
        }
        server.pass(Duration.ofMinutes(2));
        int before = lookups(server);
        int sweeps = server.sandbox().requestCount("ListRTCLiveRooms");
        // The events of one who leaves are lost: the list shows it.
        server.sandbox().callbacks().set(EventFaults.NONE.with(EventFaultKind.LOSE, 100));
        server.sandbox()
                .leave("room0", server.sandbox().participants("room0").get(0).user());
        server.pass(Duration.ofMinutes(10));
        assertTrue(server.sandbox().requestCount("ListRTCLiveRooms") >= sweeps + 9);
        assertEquals(before + 2, lookups(server), "two that agree that one channel is empty");
        assertTrue(server.text("metrics").contains("\nalirtc_calls_live 4.0\n"));
    }

    @Test
    void forgedLeaves_costRequestsAndNothingElse() throws Exception {
        var server = server(Product.RTC, Map.of("durationlimit", "2"));
        long began = server.time().wall().millis();
        join(server, "room");
        join(server, "room");
        int before = lookups(server);
        for (var participant : server.sandbox().participants("room")) {
            var forged = leave("room", participant.user(), participant.sessionId());
            assertEquals(
                    200,
                    post(server, "events/" + TestServer.EVENTS_SECRET, forged).status());
        }
        server.awaitEvents();
        assertTrue(lookups(server) > before);
        assertEquals(began, start(server, "room"));
        assertEquals(2, server.sandbox().participants("room").size());
        assertEquals(0, server.sandbox().requestCount(DELETE));
        server.pass(Duration.ofMinutes(2));
        assertEquals(1, server.sandbox().requestCount(DELETE), "and the limit is kept");
    }

    private static String leave(String channel, String user, String session) {
        return """
                {"MsgId":"1","AppId":"iwo5l81k","ChannelId":"%s","Contents":[{"Event":"UserEvent",
                "UserEvent":{"UserId":"%s","EventTag":"Leave","SessionId":"%s","Timestamp":1}}]}
                """.formatted(channel, user, session);
    }

    @Test
    void wrongSecret_isAnsweredAsAnyUnknownAddress() throws Exception {
        var server = server(Product.RTC, Map.of());
        assertEquals(404, post(server, "events/another-secret", "{}").status());
        assertEquals(404, post(server, "events", "{}").status());
        assertEquals(
                400,
                post(server, "events/" + TestServer.EVENTS_SECRET, "nonsense").status());
    }

    @Test
    void silence_isNoticedAndHeals() throws Exception {
        var server = server(Product.RTC, Map.of());
        callAndPart(server, "warm-up");
        assertEquals("heard", events(server));
        server.sandbox().callbacks().set(EventFaults.NONE.with(EventFaultKind.LOSE, 100));
        int lost = 0;
        for (; "heard".equals(events(server)) && lost < 20; lost++) {
            join(server, "lost" + lost);
            join(server, "lost" + lost);
            server.pass(Duration.ofSeconds(6));
        }
        assertEquals("silent", events(server));
        assertTrue(server.text("metrics").contains("\nalirtc_events_heard 0.0\n"));
        int before = lookups(server);
        server.pass(Duration.ofSeconds(35));
        assertTrue(lookups(server) >= before + lost, "every channel is polled again");
        server.sandbox().callbacks().set(EventFaults.NONE);
        for (int i = 0; "silent".equals(events(server)) && i < 10; i++) {
            callAndPart(server, "healed" + i);
        }
        assertEquals("heard", events(server));
    }

    @Test
    void restart_findsItsSubscriptionAgain() throws Exception {
        for (var product : Product.values()) {
            try (var server = TestServer.start(product, Map.of("events", "on"))) {
                server.awaitEvents();
                assertEquals(1, server.sandbox().callbacks().subscribers().size());
                server.restart();
                server.awaitEvents();
                assertEquals(1, server.sandbox().callbacks().subscribers().size());
            }
        }
    }

    @Test
    void subscription_thatTheCloudLost_isMadeAgainWhileEventsAreSilent() throws Exception {
        var server = server(Product.LIVE, Map.of());
        callAndPart(server, "warm-up");
        server.sandbox().callbacks().deleteSubscriptions();
        for (int i = 0; "heard".equals(events(server)) && i < 20; i++) {
            join(server, "lost" + i);
            join(server, "lost" + i);
            server.pass(Duration.ofSeconds(6));
        }
        server.pass(Duration.ofMinutes(1));
        assertEquals(1, server.sandbox().callbacks().subscribers().size());
    }

    @Test
    void users_whileTheBudgetIsUsedUp_areToldByEvents() throws Exception {
        var server = server(Product.RTC, Map.of("rtc.openapi.maxQps", "2"));
        callAndPart(server, "warm-up");
        server.pass(Duration.ofSeconds(10));
        var first = join(server, "room");
        server.pass(Duration.ofSeconds(5));
        var second = join(server, "room");
        server.pass(Duration.ofSeconds(5));
        for (int i = 0; i < 10; i++) {
            var answer = server.now("users", "room");
            assertEquals(200, answer.status());
            assertEquals(2, answer.data().path("commTotalNum").intValue());
        }
        server.sandbox().leave("room", first);
        server.awaitEvents();
        var answer = server.now("users", "room").data();
        assertEquals(1, answer.path("commTotalNum").intValue());
        assertEquals(second, answer.path("userList").get(0).textValue());
        assertFalse(answer.path("requestId").textValue().isEmpty());
        assertTrue(server.text("metrics").contains("alirtc_users_requests_total{source=\"events\"}"));
    }

    @Test
    void cache_entryOfAChannel_isDroppedByAnEvent() throws Exception {
        var server = server(Product.RTC, Map.of("rtc.openapi.maxQps", "1", "rtc.users.cacheTtl", "10s"));
        server.pass(Duration.ofSeconds(5));
        assertEquals(0, server.now("users", "room").data().path("commTotalNum").intValue());
        server.sandbox().join("room", "ann");
        server.awaitEvents();
        var fresh = server.get("users", "room");
        server.pass(Duration.ofSeconds(2));
        assertEquals(1, fresh.get().data().path("commTotalNum").intValue());
    }

    @Test
    void silence_withALog_isReadUp() throws Exception {
        var server = server(Product.LIVE, Map.of());
        callAndPart(server, "warm-up");
        server.restart();
        server.awaitEvents();
        assertTrue(server.sandbox().requestCount("ListEventSubEvent") > 0, "at start");
        callAndPart(server, "again");
        server.awaitEvents();
        int before = server.sandbox().requestCount("ListEventSubEvent");
        join(server, "room");
        var last = join(server, "room");
        server.sandbox().callbacks().set(EventFaults.NONE.with(EventFaultKind.LOSE, 100));
        server.sandbox().leave("room", last);
        server.awaitEvents();
        for (int i = 0; "heard".equals(events(server)) && i < 20; i++) {
            join(server, "lost" + i);
            join(server, "lost" + i);
            server.pass(Duration.ofSeconds(6));
        }
        double leaves = leavesThatWereNews(server);
        server.sandbox().callbacks().set(EventFaults.NONE);
        int healed = 0;
        for (; "silent".equals(events(server)) && healed < 10; healed++) {
            callAndPart(server, "healed" + healed);
        }
        server.awaitEvents();
        assertEquals("heard", events(server));
        assertEquals(leaves + 2 * healed + 1, leavesThatWereNews(server), "the one of before the silence, too");
        assertTrue(server.sandbox().requestCount("ListEventSubEvent") > before, "after silence");
    }

    private static double leavesThatWereNews(TestServer server) throws Exception {
        var line = Pattern.compile("alirtc_events_total\\{kind=\"leave\",news=\"true\"} ([0-9.]+)")
                .matcher(server.text("metrics"));
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }
}
