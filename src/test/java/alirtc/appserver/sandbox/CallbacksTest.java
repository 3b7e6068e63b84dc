package alirtc.appserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.time.ManualTime;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages by which the sandbox tells subscribers what happens, over HTTP. */
class CallbacksTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.999Z");
    private static final Duration SOON = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime(START);
    private final CallbackReceiver receiver = CallbackReceiver.start();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var one : opened) {
            one.close();
        }
        receiver.close();
    }

    private Sandbox start(Product product) {
        var sandbox = Sandbox.start(account(product), time.wall(), time);
        opened.add(sandbox);
        return sandbox;
    }

    private static Account account(Product product) {
        return new Account("app1", "key1", "secret1", product);
    }

    /** Subscribes to both kinds of events of all channels, but for the changes, and returns the subscription's id. */
    private String subscribe(Sandbox sandbox, Product product, Map<String, String> changes) throws IOException {
        var raw = new RawClient(sandbox.endpoint(), account(product), time.wall());
        var isRtc = product == Product.RTC;
        var parameters = raw.parameters(isRtc ? "CreateEventSubscribe" : "CreateEventSub", "");
        parameters.put("Version", isRtc ? "2018-01-11" : "2016-11-01");
        parameters.put(
                "ClientToken", "token" + sandbox.callbacks().subscribers().size());
        parameters.put("CallbackUrl", receiver.url());
        parameters.put("Events.1", "ChannelEvent");
        parameters.put("Events.2", "UserEvent");
        parameters.putAll(changes);
        var answer = raw.request(parameters);
        assertEquals(200, answer.status(), answer.body());
        return answer.json().path("SubscribeId").textValue();
    }

    private Sandbox subscribed() throws IOException {
        var sandbox = start(Product.RTC);
        subscribe(sandbox, Product.RTC, Map.of());
        return sandbox;
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void leave_subscribed_isToldWithEveryField(Product product) throws Exception {
        var sandbox = start(product);
        var id = subscribe(sandbox, product, Map.of());
        var participant = sandbox.join("9099", "ann");
        receiver.next(2);
        time.advance(Duration.ofSeconds(7));
        sandbox.leave("9099", "ann");

        var message = receiver.next();

        assertEquals("POST", message.method());
        assertEquals("/events/secret?a=b", message.path());
        assertEquals(
                product == Product.RTC ? "application/x-www-form-urlencoded" : "application/json",
                message.contentType());
        var json = (ObjectNode) message.json();
        assertTrue(json.path("MsgId").asText().matches("[0-9a-f]{32}"), json::toString);
        assertEquals(
                new ObjectMapper().readTree("""
                        {"MsgTimestamp":1767225607,"SubscribeId":"%s","AppId":"app1","ChannelId":"9099","Contents":[
                         {"Event":"UserEvent","UserEvent":{"UserId":"ann","EventTag":"Leave","SessionId":"%s",
                          "Timestamp":1767225607,"ChannelProfile":"%s","US":5068748604047364,"Reason":1,"Role":1,
                          "TerminalType":6,"UserType":2}}]}""".formatted(
                        id, participant.sessionId(), product == Product.RTC ? "communication" : "interactive_live")),
                json.without("MsgId"));
    }

    @Test
    void join_firstInAChannel_opensIt() throws Exception {
        var sandbox = subscribed();
        sandbox.join("9099", "ann");

        var content = receiver.next().json().path("Contents");

        assertEquals(new ObjectMapper().readTree("""
                        [{"Event":"ChannelEvent","ChannelEvent":
                         {"ChannelId":"9099","EventTag":"Open","Timestamp":1767225600}}]"""), content);
        assertEquals("Join ann", receiver.next().what());
        sandbox.join("9099", "bob");
        assertEquals("Join bob", receiver.next().what());
    }

    @Test
    void join_again_endsTheOldSessionAndBeginsANewOne() throws Exception {
        var sandbox = subscribed();
        var first = sandbox.join("c1", "ann");
        var second = sandbox.join("c1", "ann");
        receiver.next(2);

        var leave = receiver.next();
        var join = receiver.next();

        assertNotEquals(first.sessionId(), second.sessionId());
        assertTrue(first.sessionId().matches("[0-9A-Za-z]{32}"), first.sessionId());
        assertEquals("Leave ann", leave.what());
        assertTrue(leave.body().contains(first.sessionId()), leave.body());
        assertEquals("Join ann", join.what());
        assertTrue(join.body().contains(second.sessionId()), join.body());
    }

    @Test
    void emptied_forTenSeconds_isClosedOnce() throws Exception {
        var sandbox = subscribed();
        sandbox.join("c1", "ann");
        sandbox.leave("c1", "ann");
        time.advance(Channels.LINGER.minusMillis(1));
        sandbox.callbacks().awaitIdle(SOON);
        assertEquals(List.of("Open", "Join ann", "Leave ann"), receiver.next(3));
        assertEquals(0, receiver.left());

        time.advance(Duration.ofMillis(1));

        assertEquals("Close", receiver.next().what());
        time.advance(Duration.ofMinutes(1));
        sandbox.callbacks().awaitIdle(SOON);
        assertEquals(0, receiver.left());
    }

    @Test
    void emptied_joinedAgainInTime_staysOpen() throws Exception {
        var sandbox = subscribed();
        sandbox.join("c1", "ann");
        sandbox.leave("c1", "ann");
        time.advance(Duration.ofSeconds(9));
        sandbox.join("c1", "bob");
        time.advance(Duration.ofSeconds(9));
        sandbox.leave("c1", "bob");
        time.advance(Duration.ofSeconds(9));
        sandbox.callbacks().awaitIdle(SOON);

        assertEquals(List.of("Open", "Join ann", "Leave ann", "Join bob", "Leave bob"), receiver.next(5));
        assertEquals(0, receiver.left());
    }

    @Test
    void emptied_clockBehindTheScheduler_isClosedByTheClock() throws Exception {
        var sandbox = subscribed();
        sandbox.join("c1", "ann");
        sandbox.leave("c1", "ann");
        time.step(Duration.ofSeconds(-5));
        time.advance(Channels.LINGER);
        sandbox.callbacks().awaitIdle(SOON);
        receiver.next(3);
        assertEquals(0, receiver.left());

        time.advance(Duration.ofMillis(5_001));

        assertEquals("Close", receiver.next().what());
    }

    @Test
    void delete_peopleIn_tellsOfEachAndOfTheEnd() throws Exception {
        var sandbox = subscribed();
        sandbox.join("c1", "ann");
        sandbox.join("c1", "bob");
        receiver.next(3);

        assertTrue(sandbox.delete("c1"));

        assertEquals(List.of("Leave ann", "Leave bob", "Close"), receiver.next(3));
        sandbox.join("c1", "ann");
        assertEquals(List.of("Open", "Join ann"), receiver.next(2));
        time.advance(Duration.ofMinutes(1));
        sandbox.callbacks().awaitIdle(SOON);
        assertEquals(0, receiver.left());
    }

    @Test
    void delete_emptied_isClosedAtOnceAndNotAgain() throws Exception {
        var sandbox = subscribed();
        sandbox.join("c1", "ann");
        sandbox.leave("c1", "ann");
        receiver.next(3);

        assertTrue(sandbox.delete("c1"));
        assertTrue(sandbox.delete("c1"), "it lingers");
        time.advance(Channels.LINGER);
        assertFalse(sandbox.delete("c1"));
        sandbox.callbacks().awaitIdle(SOON);

        assertEquals("Close", receiver.next().what());
        assertEquals(0, receiver.left());
    }

    @Test
    void subscriptions_ofOneChannelUserOrEvent_hearOfTheseAlone() throws Exception {
        var sandbox = start(Product.RTC);
        subscribe(sandbox, Product.RTC, Map.of("ChannelId", "c1", "Users.1", "ann", "Events.1", "UserEvent"));
        subscribe(sandbox, Product.RTC, Map.of("Events.2", "ChannelEvent"));
        sandbox.join("c1", "ann");
        sandbox.join("c1", "bob");
        sandbox.join("c2", "ann");
        sandbox.callbacks().awaitIdle(SOON);

        var told = new ArrayList<String>();
        while (receiver.left() > 0) {
            var message = receiver.next();
            told.add(message.json().path("ChannelId").asText() + " " + message.what());
        }
        assertEquals(
                List.of("c1 Join ann", "c1 Open", "c2 Open"),
                told.stream().sorted().toList());
    }

    @Test
    void unsubscribed_hearsNoMore() throws Exception {
        var sandbox = subscribed();
        sandbox.callbacks().deleteSubscriptions();
        sandbox.join("c1", "ann");
        sandbox.callbacks().awaitIdle(SOON);

        assertEquals(0, receiver.left());
    }

    @Test
    void reset_peopleIn_tellsNobodyAndKeepsSubscriptions() throws Exception {
        var sandbox = subscribed();
        sandbox.join("c1", "ann");
        receiver.next(2);
        sandbox.callbacks().awaitIdle(SOON);

        sandbox.reset();
        sandbox.join("c1", "ann");

        assertEquals(List.of("Open", "Join ann"), receiver.next(2));
        sandbox.callbacks().awaitDeliveries(2, SOON);
        assertEquals(2, sandbox.callbacks().lastDeliveries(100).size());
    }

    @Test
    void messages_ofManyChannels_areUniqueAndInOrderWithinEach() throws Exception {
        var sandbox = subscribed();
        int channels = 20;
        int rounds = 10;
        for (int round = 0; round < rounds; round++) {
            for (int channel = 0; channel < channels; channel++) {
                sandbox.join("c" + channel, "u" + round);
            }
        }
        int expected = channels * (rounds + 1);
        sandbox.callbacks().awaitDeliveries(expected, SOON);

        var ids = new HashSet<String>();
        var byChannel = new TreeMap<String, List<String>>();
        while (receiver.left() > 0) {
            var message = receiver.next();
            ids.add(message.json().path("MsgId").asText());
            byChannel
                    .computeIfAbsent(message.json().path("ChannelId").asText(), channel -> new ArrayList<>())
                    .add(message.what());
        }
        assertEquals(expected, ids.size());
        var inOrder = new ArrayList<>(List.of("Open"));
        IntStream.range(0, rounds).forEach(round -> inOrder.add("Join u" + round));
        byChannel.forEach((channel, told) -> assertEquals(inOrder, told, channel));
        assertEquals(channels, byChannel.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://127.0.0.1:1/", "http://example.com/", "http://10.0.0.1/", "http://127.0.0.1.nip.io/"})
    void callbackUrl_notHttpOnLoopback_isNeverAsked(String url) throws Exception {
        var sandbox = start(Product.RTC);
        subscribe(sandbox, Product.RTC, Map.of("CallbackUrl", url, "Events.2", "ChannelEvent"));
        sandbox.join("c1", "ann");
        sandbox.callbacks().awaitDeliveries(1, SOON);

        var delivery = sandbox.callbacks().lastDeliveries(1).get(0);

        assertEquals(0, delivery.code());
        assertEquals(url, delivery.url());
    }

    @Test
    void callback_refused_isLoggedAsNotDelivered() throws Exception {
        var sandbox = subscribed();
        receiver.close();
        sandbox.join("c1", "ann");
        sandbox.callbacks().awaitDeliveries(2, SOON);

        assertEquals(
                List.of(0, 0),
                sandbox.callbacks().lastDeliveries(2).stream()
                        .map(Delivery::code)
                        .toList());
    }

    @Test
    void awaitDeliveries_tooFew_saysHowManyThereAre() {
        var sandbox = start(Product.RTC);

        var timeout = assertThrows(
                TimeoutException.class, () -> sandbox.callbacks().awaitDeliveries(1, Duration.ofMillis(1)));

        assertEquals("waited PT0.001S for 1 deliveries: 0 done, 0 under way", timeout.getMessage());
    }
}
