package alirtc.appserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.time.ManualTime;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The actions of ApsaraVideo Live about subscriptions and live channels, over HTTP. */
class LiveSubscriptionTest {
    private static final Account ACCOUNT = new Account("app1", "key1", "secret1", Product.LIVE);
    private static final Instant START = Instant.parse("2026-01-01T00:00:30.988Z");
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String CREATE = "CreateEventSub";
    private static final String DELETE = "DeleteEventSub";
    private static final String UPDATE = "UpdateEventSub";
    private static final String LIST = "ListEventSub";
    private static final String LIST_EVENTS = "ListEventSubEvent";
    private static final String ROOMS = "ListRTCLiveRooms";

    private final ManualTime time = new ManualTime(START);
    private final CallbackReceiver receiver = CallbackReceiver.start();
    private final Sandbox sandbox = Sandbox.start(ACCOUNT, time.wall(), time);
    private final RawClient raw = new RawClient(sandbox.endpoint(), ACCOUNT, time.wall());

    @AfterEach
    void close() {
        sandbox.close();
        receiver.close();
    }

    private RawClient.Answer request(String action, Map<String, String> more) throws IOException {
        var parameters = raw.parameters(action, "");
        parameters.put("Version", "2016-11-01");
        parameters.putAll(more);
        return raw.request(parameters);
    }

    private JsonNode good(String action, Map<String, String> more) throws IOException {
        var answer = request(action, more);
        assertEquals(200, answer.status(), answer.body());
        assertFalse(answer.json().path("RequestId").asText().isEmpty());
        return answer.json();
    }

    private Map<String, String> terms(String channel) {
        return new HashMap<>(Map.of(
                "CallbackUrl",
                receiver.url(),
                "ChannelId",
                channel,
                "Events.1",
                "ChannelEvent",
                "Events.2",
                "UserEvent",
                "SubscribeId",
                "none"));
    }

    private Map<String, String> terms(String id, String channel, String callbackUrl) {
        var terms = terms(channel);
        terms.put("SubscribeId", id);
        terms.put("CallbackUrl", callbackUrl);
        return terms;
    }

    private String create(String channel) throws IOException {
        return good(CREATE, terms(channel)).path("SubscribeId").textValue();
    }

    private static Map<String, String> events(Instant from, Instant until, int page, int size) {
        return Map.of(
                "StartTime", Long.toString(from.getEpochSecond()),
                "EndTime", Long.toString(until.getEpochSecond()),
                "PageNo", Integer.toString(page),
                "PageSize", Integer.toString(size));
    }

    @Test
    void listEventSub_two_listsBothWithEveryField() throws Exception {
        var all = create("");
        var one = create("c1");

        var answer = good(LIST, Map.of());

        assertEquals(2, answer.size());
        assertEquals(
                new ObjectMapper().readTree("""
                        [{"SubId":"%s","CallbackUrl":"%s","ChannelId":"*","Events":["ChannelEvent","UserEvent"]},
                         {"SubId":"%s","CallbackUrl":"%s","ChannelId":"c1","Events":["ChannelEvent","UserEvent"]}]
                        """.formatted(all, receiver.url(), one, receiver.url())),
                answer.path("Subscribers"));
    }

    @Test
    void create_secondForAllChannels_isRejected() throws Exception {
        create("*");

        var answer = request(CREATE, terms(""));

        assertEquals(400, answer.status());
        assertEquals("400", answer.json().path("Code").textValue());
        assertEquals("SubscriptionLimitExceeded", answer.json().path("Message").textValue());
        assertEquals(1, sandbox.callbacks().subscribers().size());
    }

    @Test
    void create_moreThanTwenty_isRejected() throws Exception {
        create("*");
        for (int i = 1; i < 20; i++) {
            create("c" + i);
        }

        assertEquals(400, request(CREATE, terms("c20")).status());

        var first = sandbox.callbacks().subscribers().get(0).id();
        assertEquals(1, good(DELETE, Map.of("SubscribeId", first)).size());
        create("c20");
    }

    @Test
    void update_toASecondForAllChannels_isRejected() throws Exception {
        var all = create("*");
        var one = create("c1");

        assertEquals(400, request(UPDATE, terms(one, "*", receiver.url())).status());
        good(UPDATE, terms(all, "*", receiver.url()));
    }

    @Test
    void update_channelThatExists_keepsItsTermsUntilTwentyMinutesAfterItClosed() throws Exception {
        var id = create("*");
        sandbox.join("old", "ann");
        good(UPDATE, terms(id, "*", receiver.url().replace("secret", "changed")));
        assertTrue(good(LIST, Map.of()).toString().contains("changed"));

        sandbox.leave("old", "ann");
        time.advance(Channels.LINGER);
        assertEquals(List.of("Open", "Join ann", "Leave ann", "Close"), receiver.next(4));
        time.advance(Duration.ofMinutes(20).minusMillis(1));
        sandbox.join("old", "ann");
        assertTrue(receiver.next().path().contains("secret"), "it is the channel of before");
        sandbox.delete("old");
        receiver.next(3);
        time.advance(Duration.ofMinutes(20));
        sandbox.join("old", "ann");

        assertTrue(receiver.next().path().contains("changed"), "it is a new channel");
    }

    @Test
    void update_channelThatComesLater_hasTheNewTerms() throws Exception {
        var id = create("c1");
        good(UPDATE, terms(id, "c2", receiver.url()));

        sandbox.join("c1", "ann");
        sandbox.join("c2", "bob");

        assertEquals(List.of("Open", "Join bob"), receiver.next(2));
        sandbox.callbacks().awaitIdle(SOON);
        assertEquals(0, receiver.left());
    }

    @ParameterizedTest
    @CsvSource({
        "CreateEventSub, AppId, '', 400, InvalidInput",
        "CreateEventSub, AppId, other, 404, AppOrChannelNotExists",
        "CreateEventSub, CallbackUrl, '', 400, InvalidInput",
        "CreateEventSub, Events.1, '', 400, InvalidInput",
        "UpdateEventSub, SubscribeId, '', 400, InvalidInput",
        "UpdateEventSub, SubscribeId, none, 404, SubscriptionNotExists",
        "UpdateEventSub, CallbackUrl, nowhere, 400, InvalidInput",
        "DeleteEventSub, SubscribeId, '', 400, InvalidInput",
        "DeleteEventSub, SubscribeId, none, 404, SubscriptionNotExists",
        "ListEventSub, AppId, other, 404, AppOrChannelNotExists",
        "ListRTCLiveRooms, AppId, other, 404, AppOrChannelNotExists",
        "ListRTCLiveRooms, PageNo, 0, 400, InvalidInput",
        "ListRTCLiveRooms, PageNo, 9999999999, 400, InvalidInput",
        "ListRTCLiveRooms, PageSize, 9, 400, InvalidInput",
        "ListRTCLiveRooms, PageSize, 101, 400, InvalidInput",
    })
    void request_wrongParameter_isRejectedByStatusAndName(
            String action, String parameter, String value, int status, String name) throws Exception {
        var parameters = terms("c1");
        parameters.put(parameter, value);

        var answer = request(action, parameters);

        assertEquals(name, answer.json().path("Message").textValue());
        assertEquals(status, answer.status());
        assertEquals(Integer.toString(status), answer.json().path("Code").textValue());
    }

    @ParameterizedTest
    @CsvSource({
        "StartTime, ''",
        "StartTime, 2026-01-01T00:00:00Z",
        "StartTime, 1767225660",
        "StartTime, 1766620799",
        "EndTime, ''",
        "EndTime, 1766620859",
        "PageNo, ''",
        "PageNo, 0",
        "PageSize, ''",
        "PageSize, 101",
    })
    void listEventSubEvent_wrongParameter_isRejected(String parameter, String value) throws Exception {
        var parameters = new HashMap<>(
                Map.of("StartTime", "1766620800", "EndTime", "1767225660", "PageNo", "1", "PageSize", "100"));
        good(LIST_EVENTS, parameters);
        parameters.put(parameter, value);

        assertEquals(
                "InvalidInput",
                request(LIST_EVENTS, parameters).json().path("Message").textValue());
    }

    @Test
    void listEventSubEvent_delivered_hasEveryField() throws Exception {
        var id = create("*");
        sandbox.join("c1", "ann");
        sandbox.callbacks().awaitDeliveries(2, SOON);
        receiver.next();
        var sent = receiver.next();

        var answer = good(LIST_EVENTS, events(START, START.plusSeconds(60), 1, 100));

        assertEquals(4, answer.size());
        assertEquals(2, answer.path("Count").intValue());
        assertFalse(answer.path("HasMore").booleanValue());
        var log = answer.path("Logs").path(1);
        assertEquals(8, log.size());
        assertEquals("app1", log.path("AppId").textValue());
        assertEquals(200, log.path("Code").intValue());
        assertEquals(0, log.path("Cost").intValue());
        assertEquals(sent.body(), log.path("Data").textValue());
        assertEquals(sent.json().path("MsgId"), log.path("MessageId"));
        assertEquals(id, log.path("SubId").textValue());
        assertEquals("2026-01-01 08:00:30.988", log.path("Time").textValue());
        assertEquals(receiver.url(), log.path("Url").textValue());
    }

    @Test
    void listEventSubEvent_notAccepted_hasTheCode() throws Exception {
        create("*");
        receiver.answer(503);
        sandbox.join("c1", "ann");
        sandbox.callbacks().awaitDeliveries(2, SOON);

        var answer = good(LIST_EVENTS, events(START, START.plusSeconds(60), 1, 100));

        assertEquals(503, answer.path("Logs").path(0).path("Code").intValue());
    }

    @Test
    void listEventSubEvent_severalPages_eachOnceInTheirOrder() throws Exception {
        create("c1");
        create("*");
        for (int i = 0; i < 5; i++) {
            sandbox.join("c1", "u" + i);
            sandbox.callbacks().awaitIdle(SOON);
        }
        var id = sandbox.callbacks().subscribers().get(0).id();

        var parameters = new HashMap<>(events(START, START.plusSeconds(60), 1, 4));
        parameters.put("SubscribeId", id);
        var first = good(LIST_EVENTS, parameters);
        parameters.put("PageNo", "2");
        var second = good(LIST_EVENTS, parameters);
        parameters.put("PageNo", "3");
        var third = good(LIST_EVENTS, parameters);

        assertEquals(List.of(4, 2, 0), List.of(count(first), count(second), count(third)));
        assertTrue(first.path("HasMore").booleanValue());
        assertFalse(second.path("HasMore").booleanValue());
        assertTrue(first.path("Logs").path(1).path("Data").textValue().contains("\"u0\""));
        assertTrue(second.path("Logs").path(1).path("Data").textValue().contains("\"u4\""));
        assertEquals(12, count(good(LIST_EVENTS, events(START, START.plusSeconds(60), 1, 100))));
    }

    private static int count(JsonNode answer) {
        assertEquals(answer.path("Count").intValue(), answer.path("Logs").size());
        return answer.path("Count").intValue();
    }

    @Test
    void listEventSubEvent_boundsWithSeconds_areCutToMinutes() throws Exception {
        create("*");
        sandbox.join("c1", "ann");
        sandbox.callbacks().awaitDeliveries(2, SOON);
        var minute = Instant.parse("2026-01-01T00:00:00Z");

        assertEquals(2, count(good(LIST_EVENTS, events(minute.plusSeconds(59), minute.plusSeconds(60), 1, 100))));
        assertEquals(0, count(good(LIST_EVENTS, events(minute.minusSeconds(60), minute.plusSeconds(59), 1, 100))));
        assertEquals(0, count(good(LIST_EVENTS, events(minute.plusSeconds(60), minute.plusSeconds(120), 1, 100))));
    }

    @Test
    void rooms_peopleInAndLeft_listsThoseWhereSomebodyIs() throws Exception {
        sandbox.join("b", "1");
        sandbox.join("a", "1");
        sandbox.join("a", "2");
        sandbox.join("c", "1");
        sandbox.leave("c", "1");
        sandbox.leave("a", "2");

        var answer = good(ROOMS, Map.of());

        assertEquals(3, answer.size());
        assertEquals(2, answer.path("Total").intValue());
        assertEquals(List.of("a", "b"), texts(answer.path("Rooms")));
    }

    @Test
    void rooms_tenThousand_pagesHaveEachOnce() throws Exception {
        var names = IntStream.range(0, 10_000).mapToObj(i -> "c" + i).sorted().toList();
        names.forEach(name -> sandbox.join(name, "1"));

        for (int page : new int[] {1, 2, 50, 100}) {
            var answer = good(ROOMS, Map.of("PageNo", Integer.toString(page), "PageSize", "100"));
            assertEquals(10_000, answer.path("Total").intValue());
            assertEquals(names.subList(page * 100 - 100, page * 100), texts(answer.path("Rooms")));
        }
        assertEquals(List.of(), texts(good(ROOMS, Map.of("PageNo", "201")).path("Rooms")));
        assertEquals(names.subList(0, 50), texts(good(ROOMS, Map.of()).path("Rooms")));
    }

    @Test
    void rooms_underEmpty_showNobodysChannels() throws Exception {
        sandbox.join("a", "1");
        sandbox.set(Fault.of(FaultKind.EMPTY));

        var answer = good(ROOMS, Map.of());

        assertEquals(0, answer.path("Total").asInt(-1));
        assertTrue(answer.path("Rooms").isEmpty());
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
