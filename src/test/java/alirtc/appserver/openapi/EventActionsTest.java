package alirtc.appserver.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.config.TestConfig;
import alirtc.appserver.config.UpstreamConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.sandbox.Account;
import alirtc.appserver.sandbox.Callbacks.Subscriber;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import alirtc.appserver.sandbox.Sandbox;
import alirtc.appserver.token.ChannelId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Subscriptions, the log of events and the list of live channels: the vendor's SDK asks the sandbox, or what answers oddly. */
class EventActionsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:30Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final URI OWNER = URI.create("http://127.0.0.1:1/1v1-audio/events/");
    private static final URI CALLBACK = OWNER.resolve("secret-nobody-must-see");
    private static final URI OTHER_CALLBACK = OWNER.resolve("former-nobody-must-see");
    private static final URI STRANGER = URI.create("http://127.0.0.1:1/stranger/nobody-must-see");
    private static final List<String> EVENTS = List.of("ChannelEvent", "UserEvent");

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final AtomicReference<Sandbox> running = new AtomicReference<>();

    @AfterEach
    void close() {
        var sandbox = running.get();
        if (sandbox != null) {
            sandbox.close();
        }
        scheduler.shutdownNow();
    }

    private Sandbox sandbox(Product product) {
        var sandbox = Sandbox.start(
                new Account(TestConfig.APP_ID, TestConfig.ACCESS_KEY_ID, TestConfig.ACCESS_KEY_SECRET, product), CLOCK);
        running.set(sandbox);
        return sandbox;
    }

    private static UpstreamConfig config(Product product, URI endpoint) {
        return TestConfig.of(Map.of("rtc.openapi", product.setting(), "rtc.openapi.endpoint", endpoint.toString()))
                .upstream();
    }

    private SdkClient sdk(Product product, URI endpoint) {
        return new SdkClient(config(product, endpoint), 2, scheduler, new Metrics());
    }

    /** Returns a client as a server of its own has one. */
    private RtcClient client(Product product, URI endpoint) {
        return new RtcClient(product, TestConfig.APP_ID, sdk(product, endpoint), new UpstreamStatus(), CLOCK);
    }

    /** Subscribes as somebody else does. */
    private String subscribeLive(Sandbox sandbox, URI callback, String channel) throws RtcException {
        var requests = new LiveRequests(TestConfig.APP_ID, CLOCK);
        return sdk(Product.LIVE, sandbox.endpoint())
                .call(EventSubscription.terms(requests.of("CreateEventSub", SubscriptionResponse.class), callback)
                        .with("ChannelId", channel))
                .toId();
    }

    /** What is asked of a client. */
    private interface Question {
        Object ask(RtcClient client) throws RtcException;
    }

    private static RtcException failure(RtcClient client, Question question) {
        var failure = assertThrows(RtcException.class, () -> question.ask(client));
        assertFalse(String.valueOf(failure.getMessage()).contains("nobody"), failure::getMessage);
        return failure;
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void subscribe_again_findsTheSameSubscription(Product product) throws Exception {
        var sandbox = sandbox(product);

        var id = client(product, sandbox.endpoint()).subscribe(CALLBACK, OWNER);

        var expected = List.of(new Subscriber(id, CALLBACK.toString(), "*", EVENTS));
        assertEquals(expected, sandbox.callbacks().subscribers());
        assertEquals(id, client(product, sandbox.endpoint()).subscribe(CALLBACK, OWNER), "another server");
        assertEquals(expected, sandbox.callbacks().subscribers());
        assertEquals(product == Product.LIVE ? 1 : 0, sandbox.requestCount("CreateEventSub"));
        assertEquals(0, sandbox.requestCount("UpdateEventSub"));
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void subscribe_afterItWasDeleted_makesAnother(Product product) throws Exception {
        var sandbox = sandbox(product);
        var client = client(product, sandbox.endpoint());
        var first = client.subscribe(CALLBACK, OWNER);
        sandbox.callbacks().deleteSubscriptions();

        assertNotEquals(first, client.subscribe(CALLBACK, OWNER));
        assertEquals(1, sandbox.callbacks().subscribers().size());
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void subscribe_refused_isToldWithoutTheAddress(Product product) {
        var sandbox = sandbox(product);
        var client = client(product, sandbox.endpoint());
        for (var kind : List.of(FaultKind.FORBIDDEN, FaultKind.HTML500)) {
            sandbox.set(Fault.of(kind));
            failure(client, one -> one.subscribe(CALLBACK, OWNER));
        }
        sandbox.set(Fault.of(FaultKind.REFUSE));
        assertEquals(
                Kind.UNAVAILABLE,
                failure(client, one -> one.subscribe(CALLBACK, OWNER)).kind());
    }

    @Test
    void subscribe_ofRtcWithAnotherSecret_makesAnother() throws Exception {
        var sandbox = sandbox(Product.RTC);
        var client = client(Product.RTC, sandbox.endpoint());

        assertNotEquals(client.subscribe(OTHER_CALLBACK, OWNER), client.subscribe(CALLBACK, OWNER));
        assertEquals(2, sandbox.callbacks().subscribers().size());
    }

    @Test
    void subscribe_ofLiveWithAnotherSecret_changesTheOneThatIsThere() throws Exception {
        var sandbox = sandbox(Product.LIVE);
        var client = client(Product.LIVE, sandbox.endpoint());
        var id = client.subscribe(OTHER_CALLBACK, OWNER);

        assertEquals(id, client.subscribe(CALLBACK, OWNER));
        assertEquals(
                List.of(new Subscriber(id, CALLBACK.toString(), "*", EVENTS)),
                sandbox.callbacks().subscribers());
    }

    @Test
    void subscribe_ofLiveToOneChannelOnly_isChangedToAll() throws Exception {
        var sandbox = sandbox(Product.LIVE);
        var id = subscribeLive(sandbox, CALLBACK, "c1");

        assertEquals(id, client(Product.LIVE, sandbox.endpoint()).subscribe(CALLBACK, OWNER));
        assertEquals("*", sandbox.callbacks().subscribers().get(0).channel());
    }

    @Test
    void subscribe_ofLiveWithSeveralOfOurs_takesTheOneToAllChannels() throws Exception {
        var sandbox = sandbox(Product.LIVE);
        subscribeLive(sandbox, STRANGER, "c1");
        subscribeLive(sandbox, CALLBACK, "c1");
        var id = subscribeLive(sandbox, OTHER_CALLBACK, "*");

        assertEquals(id, client(Product.LIVE, sandbox.endpoint()).subscribe(CALLBACK, OWNER));
        assertEquals(
                List.of(STRANGER.toString(), CALLBACK.toString(), CALLBACK.toString()),
                sandbox.callbacks().subscribers().stream()
                        .map(Subscriber::callbackUrl)
                        .toList());
    }

    @Test
    void subscribe_ofLiveWhenAStrangerHasTheOnlyOne_isRejectedWithThat() throws Exception {
        var sandbox = sandbox(Product.LIVE);
        subscribeLive(sandbox, STRANGER, "*");

        var failure = failure(client(Product.LIVE, sandbox.endpoint()), one -> one.subscribe(CALLBACK, OWNER));

        assertEquals(Kind.REFUSED, failure.kind());
        assertEquals(
                "the application's one subscription to the events of all channels goes to another address",
                failure.getMessage());
        assertEquals(1, sandbox.callbacks().subscribers().size());
    }

    @Test
    void subscribe_ofLiveWhenTwentyAreOfOneChannel_isRejectedByTheCloudsCode() throws Exception {
        var sandbox = sandbox(Product.LIVE);
        for (int i = 0; i < 20; i++) {
            subscribeLive(sandbox, STRANGER, "c" + i);
        }

        var failure = failure(client(Product.LIVE, sandbox.endpoint()), one -> one.subscribe(CALLBACK, OWNER));

        assertTrue(
                String.valueOf(failure.getMessage()).startsWith("CreateEventSub: SubscriptionLimitExceeded"),
                failure::getMessage);
    }

    @Test
    void subscribe_ofLiveWhileAnotherServerDoes_findsThatOne() throws Exception {
        var sandbox = sandbox(Product.LIVE);
        var first = new AtomicBoolean(true);
        var quicker = new AtomicReference<>("");
        sandbox.onRequest(request -> {
            if (request.action().equals("CreateEventSub") && first.getAndSet(false)) {
                try {
                    quicker.set(client(Product.LIVE, sandbox.endpoint()).subscribe(CALLBACK, OWNER));
                } catch (RtcException e) {
                    throw new IllegalStateException(e);
                }
            }
        });

        var id = client(Product.LIVE, sandbox.endpoint()).subscribe(CALLBACK, OWNER);

        assertEquals(quicker.get(), id);
        assertEquals(2, sandbox.requestCount("CreateEventSub"));
        assertEquals(1, sandbox.callbacks().subscribers().size());
    }

    @Test
    void eventLog_ofRtc_isNotKept() throws Exception {
        var sandbox = sandbox(Product.RTC);
        var client = client(Product.RTC, sandbox.endpoint());

        assertFalse(client.keepsEventLog());
        assertEquals(List.of(), client.eventLog("s1", NOW, NOW));
        assertEquals(List.of(), sandbox.requests());
    }

    @Test
    void eventLog_ofSeveralPages_hasAllEventsOfTheMinute() throws Exception {
        var sandbox = sandbox(Product.LIVE);
        var client = client(Product.LIVE, sandbox.endpoint());
        var id = client.subscribe(CALLBACK, OWNER);
        var expected = IntStream.range(0, 60)
                .mapToObj(i -> new ChannelEvent(
                        new ChannelId("c" + i),
                        ChannelEvent.Kind.JOIN,
                        "ann",
                        sandbox.join("c" + i, "ann").sessionId()))
                .toList();
        sandbox.callbacks().awaitDeliveries(120, SOON);

        assertTrue(client.keepsEventLog());
        assertEquals(Map.of(), differences(expected, client.eventLog(id, NOW, NOW)));
        assertEquals(2, sandbox.requestCount("ListEventSubEvent"));
        assertEquals(
                60,
                client.eventLog(id, NOW.minusSeconds(30), NOW.plusSeconds(30)).size());
        assertEquals(List.of(), client.eventLog(id, NOW.minusSeconds(90), NOW.minusSeconds(30)));
        assertEquals(List.of(), client.eventLog("another", NOW, NOW));
    }

    /** Returns how often each event is in one list and not in the other; in whatever order. */
    private static Map<ChannelEvent, Integer> differences(List<ChannelEvent> some, List<ChannelEvent> others) {
        var differences = new HashMap<ChannelEvent, Integer>();
        some.forEach(event -> differences.merge(event, 1, Integer::sum));
        others.forEach(event -> differences.merge(event, -1, Integer::sum));
        differences.values().removeIf(count -> count == 0);
        return differences;
    }

    @Test
    void eventLog_ofNoTime_asksNothing() throws Exception {
        var sandbox = sandbox(Product.LIVE);
        var minute = Instant.parse("2026-11-22T10:00:00Z");

        assertEquals(List.of(), client(Product.LIVE, sandbox.endpoint()).eventLog("s1", minute, minute));
        assertEquals(List.of(), sandbox.requests());
    }

    @Test
    void eventLog_messagesOfNoUse_areLeftOut() throws Exception {
        var upstream = new CannedUpstream();
        var message =
                "{\\\"AppId\\\":\\\"%s\\\",\\\"ChannelId\\\":\\\"c1\\\",\\\"Contents\\\":[{\\\"Event\\\":\\\"UserEvent\\\","
                        + "\\\"UserEvent\\\":{\\\"UserId\\\":\\\"ann\\\",\\\"EventTag\\\":\\\"Join\\\",\\\"SessionId\\\":\\\"s1\\\"}}]}";
        upstream.answer(
                200,
                "{\"RequestId\":\"r\",\"HasMore\":false,\"Logs\":[{},{\"Data\":null},{\"Data\":\"cut\"},{\"Data\":\""
                        + message.formatted("another") + "\"},{\"Data\":\"" + message.formatted(TestConfig.APP_ID)
                        + "\"}]}");

        assertEquals(
                List.of(new ChannelEvent(new ChannelId("c1"), ChannelEvent.Kind.JOIN, "ann", "s1")),
                client(Product.LIVE, upstream.endpoint()).eventLog("s1", NOW, NOW));
    }

    @ParameterizedTest
    @CsvSource({"'{}', 100", "'', 0"})
    void eventLog_withoutEnd_isReadUpToAHundredPages(String log, int events) throws Exception {
        var upstream = new CannedUpstream();
        var data = "{\"Data\":\"{\\\"AppId\\\":\\\"" + TestConfig.APP_ID + "\\\",\\\"Event\\\":\\\"ChannelEvent\\\","
                + "\\\"ChannelEvent\\\":{\\\"ChannelId\\\":\\\"c1\\\",\\\"EventTag\\\":\\\"Close\\\",\\\"Timestamp\\\":5}}\"}";
        upstream.answer(200, "{\"RequestId\":\"r\",\"HasMore\":true,\"Logs\":[" + (log.isEmpty() ? "" : data) + "]}");

        assertEquals(
                events,
                client(Product.LIVE, upstream.endpoint())
                        .eventLog("s1", NOW, NOW)
                        .size());
    }

    @Test
    void liveChannels_ofRtc_areNotListed() {
        var sandbox = sandbox(Product.RTC);
        var client = client(Product.RTC, sandbox.endpoint());

        assertFalse(client.listsLiveChannels());
        assertThrows(UnsupportedOperationException.class, () -> client.liveChannels(1));
        assertEquals(List.of(), sandbox.requests());
    }

    @Test
    void liveChannels_ofSeveralPages_areAllThatSomebodyIsIn() throws Exception {
        var sandbox = sandbox(Product.LIVE);
        var client = client(Product.LIVE, sandbox.endpoint());
        assertTrue(client.listsLiveChannels());
        assertEquals(new LiveChannels(0, List.of()), client.liveChannels(1));
        var names = IntStream.range(0, 150)
                .mapToObj(i -> "c" + i)
                .sorted()
                .map(ChannelId::new)
                .toList();
        names.forEach(name -> sandbox.join(name.value(), "ann"));

        assertEquals(new LiveChannels(150, names.subList(0, 100)), client.liveChannels(1));
        assertEquals(new LiveChannels(150, names.subList(100, 150)), client.liveChannels(2));
        assertEquals(new LiveChannels(150, List.of()), client.liveChannels(3));
    }

    @Test
    void liveChannels_namesThatAreNone_areLeftOut() throws Exception {
        var upstream = new CannedUpstream();
        upstream.answer(200, "{\"RequestId\":\"r\",\"Total\":4,\"Rooms\":[\"a b\",\"0\",\"\",\"ok\"]}");

        assertEquals(
                new LiveChannels(4, List.of(new ChannelId("ok"))),
                client(Product.LIVE, upstream.endpoint()).liveChannels(1));
    }

    /** Apostrophes stand for quotation marks. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "RTC  | subscribe    | {'RequestId':'r'}                                       | SubscribeId is missing",
                "RTC  | subscribe    | {'SubscribeId':'s'}                                     | RequestId is missing",
                "RTC  | subscribe    | {'RequestId':'r','SubscribeId':'https://nobody'}        | SubscribeId is no id",
                "RTC  | subscribe    | {'RequestId':'r','SubscribeId':''}                      | SubscribeId is no id",
                "LIVE | subscribe    | {'RequestId':'r'}                                       | SubscribeId is missing",
                "LIVE | subscribe    | {'Subscribers':[]}                                      | RequestId is missing",
                "LIVE | subscribe    | {'RequestId':'r','Subscribers':[null]}                  | a Subscriber is missing",
                "LIVE | subscribe    | {'RequestId':'r','Subscribers':[{'CallbackUrl':'x'}]}   | SubId is missing",
                "LIVE | subscribe    | {'RequestId':'r','Subscribers':[{'SubId':'a b','CallbackUrl':'x'}]} | SubId is no id",
                "LIVE | subscribe    | {'RequestId':'r','Subscribers':[{'SubId':'s'}]}         | CallbackUrl is missing",
                "LIVE | eventLog     | {'HasMore':false,'Logs':[]}                             | RequestId is missing",
                "LIVE | eventLog     | {'RequestId':'r','Logs':[]}                             | HasMore is missing",
                "LIVE | eventLog     | {'RequestId':'r','HasMore':true}                        | Logs is missing",
                "LIVE | eventLog     | {'RequestId':'r','HasMore':false,'Logs':[null]}         | a Log is missing",
                "LIVE | liveChannels | {'Total':0,'Rooms':[]}                                  | RequestId is missing",
                "LIVE | liveChannels | {'RequestId':'r','Rooms':[]}                            | Total is missing",
                "LIVE | liveChannels | {'RequestId':'r','Total':-1,'Rooms':[]}                 | Total is negative",
                "LIVE | liveChannels | {'RequestId':'r','Total':1}                             | Rooms is missing",
                "LIVE | liveChannels | {'RequestId':'r','Total':1,'Rooms':[null]}              | a name in Rooms is missing",
                "LIVE | liveChannels | []                                                      | not a JSON object",
            })
    void answer_malformed_isToldAsSuch(Product product, String action, String body, String expected) {
        var failure = failure(answer(product, body), question(action));

        assertEquals(Kind.MALFORMED, failure.kind());
        assertTrue(String.valueOf(failure.getMessage()).contains(expected), failure::getMessage);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "RTC  | subscribe    | {'RequestId':'r','SubscribeId':['s']}",
                "LIVE | subscribe    | {'RequestId':'r','Subscribers':{}}",
                "LIVE | eventLog     | {'RequestId':'r','HasMore':false,'Logs':'x'}",
            })
    void answer_ofOtherTypes_isMalformed(Product product, String action, String body) {
        var failure = failure(answer(product, body), question(action));

        assertEquals(Kind.MALFORMED, failure.kind());
    }

    /** Returns a client to which everything is answered alike. */
    private RtcClient answer(Product product, String body) {
        var upstream = new CannedUpstream();
        upstream.answer(200, body.replace('\'', '"'));
        return client(product, upstream.endpoint());
    }

    private static Question question(String action) {
        return client -> switch (action) {
            case "subscribe" -> client.subscribe(CALLBACK, OWNER);
            case "eventLog" -> client.eventLog("s1", NOW, NOW);
            default -> client.liveChannels(1);
        };
    }
}
