package alirtc.appserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of messages when they go wrong. */
class EventFaultsTest {
    private static final Account ACCOUNT = new Account("app1", "key1", "secret1", Product.RTC);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final CallbackReceiver receiver = CallbackReceiver.start();
    private final Sandbox sandbox = Sandbox.start(ACCOUNT, time.wall(), time);

    @BeforeEach
    void subscribe() throws IOException {
        var raw = new RawClient(sandbox.endpoint(), ACCOUNT, time.wall());
        var parameters = raw.parameters("CreateEventSubscribe", "");
        parameters.put("ClientToken", "token1");
        parameters.put("CallbackUrl", receiver.url());
        parameters.put("Events.1", "UserEvent");
        assertEquals(200, raw.request(parameters).status());
    }

    @AfterEach
    void close() {
        sandbox.close();
        receiver.close();
    }

    private void set(EventFaultKind kind) {
        sandbox.callbacks().set(EventFaults.NONE.with(kind, 100));
    }

    private List<String> told() throws Exception {
        sandbox.callbacks().awaitIdle(SOON);
        return receiver.next(receiver.left());
    }

    private List<Integer> codes() {
        return sandbox.callbacks().lastDeliveries(100).stream()
                .map(Delivery::code)
                .toList();
    }

    @Test
    void lose_neverComesAndIsLogged() throws Exception {
        set(EventFaultKind.LOSE);
        sandbox.join("c1", "ann");

        assertEquals(List.of(), told());
        assertEquals(List.of(0), codes());
    }

    @Test
    void omit_neverComesAndIsNotLogged() throws Exception {
        set(EventFaultKind.OMIT);
        sandbox.join("c1", "ann");

        assertEquals(List.of(), told());
        assertEquals(List.of(), codes());
    }

    @Test
    void repeat_comesTwiceWithOneId() throws Exception {
        set(EventFaultKind.REPEAT);
        sandbox.join("c1", "ann");

        assertEquals(receiver.next().body(), receiver.next().body());
        assertEquals(List.of(), told());
        assertEquals(List.of(200, 200), codes());
    }

    @Test
    void duplicate_comesTwiceWithIdsOfTheirOwn() throws Exception {
        set(EventFaultKind.DUPLICATE);
        sandbox.join("c1", "ann");

        var one = receiver.next().json();
        var other = receiver.next().json();

        assertNotEquals(one.path("MsgId"), other.path("MsgId"));
        assertEquals(one.path("Contents"), other.path("Contents"));
        assertEquals(List.of(), told());
    }

    @Test
    void reorder_comesAfterTheNextOfItsChannel() throws Exception {
        set(EventFaultKind.REORDER);
        sandbox.join("c1", "ann");
        sandbox.join("c2", "cid");
        assertEquals(List.of(), told());

        sandbox.join("c1", "bob");
        assertEquals(List.of("Join bob", "Join ann"), told());
        time.advance(Duration.ofSeconds(2).minusMillis(1));
        assertEquals(List.of(), told());
        time.advance(Duration.ofMillis(1));
        assertEquals(List.of("Join cid"), told());
    }

    @Test
    void delay_comesWithinItsTime() throws Exception {
        sandbox.callbacks().set(EventFaults.NONE.with(EventFaultKind.DELAY, 100).withMaxDelay(Duration.ofSeconds(4)));
        for (int i = 0; i < 50; i++) {
            sandbox.join("c" + i, "ann");
        }
        assertEquals(List.of(), told());

        time.advance(Duration.ofSeconds(2));
        int early = told().size();
        time.advance(Duration.ofSeconds(2));

        assertTrue(early > 10 && early < 40, early + " of 50 in the first half");
        assertEquals(50, early + told().size());
    }

    @Test
    void upperCaseIds_spellsBothSo() throws Exception {
        sandbox.callbacks().set(EventFaults.NONE.withUpperCaseIds(true));
        sandbox.join("c1", "ann");

        var message = receiver.next().json();

        assertEquals("c1", message.path("ChannelID").textValue());
        assertTrue(message.has("SubscribeID"));
        assertEquals(6, message.size());
    }

    @Test
    void close_messagesDelayedAndHeld_areDropped() throws Exception {
        set(EventFaultKind.DELAY);
        sandbox.join("c1", "ann");
        sandbox.close();
        sandbox.leave("c1", "ann");
        time.advance(Duration.ofMinutes(1));

        assertEquals(List.of(), told());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 30, 100})
    void percent_ofManyMessages_isHeld(int percent) {
        var faults = EventFaults.NONE.with(EventFaultKind.LOSE, percent);

        long struck = IntStream.range(0, 10_000)
                .filter(i -> faults.draws("c" + i / 6, i % 6, 1).strikes(EventFaultKind.LOSE))
                .count();

        assertEquals(percent * 100.0, (double) struck, percent % 100 == 0 ? 0.0 : 150.0);
    }

    @Test
    void seed_same_strikesTheSameMessagesInWhateverOrder() {
        var faults = EventFaults.NONE.with(EventFaultKind.LOSE, 50);

        var forth = struck(faults, IntStream.range(0, 100));
        var back = struck(faults, IntStream.range(0, 100).map(i -> 99 - i));
        var other = struck(faults.withSeed(2), IntStream.range(0, 100));

        assertEquals(forth, back);
        assertNotEquals(forth, other);
    }

    private static List<String> struck(EventFaults faults, IntStream numbers) {
        return numbers.filter(i -> faults.draws("c" + i, 1, 1).strikes(EventFaultKind.LOSE))
                .mapToObj(Integer::toString)
                .sorted()
                .toList();
    }

    @Test
    void run_again_hasTheSameFaults() throws Exception {
        var faults = EventFaults.NONE
                .with(EventFaultKind.LOSE, 30)
                .with(EventFaultKind.REPEAT, 20)
                .withSeed(7);
        var runs = new ArrayList<List<String>>();
        for (int run = 0; run < 2; run++) {
            sandbox.reset();
            sandbox.callbacks().set(faults);
            for (int i = 0; i < 40; i++) {
                sandbox.join("c1", "u" + i);
            }
            runs.add(told());
        }

        assertEquals(runs.get(0), runs.get(1));
        assertNotEquals(40, runs.get(0).size());
    }

    @ParameterizedTest
    @EnumSource(EventFaultKind.class)
    void with_zeroOrOutOfBounds_endsItOrIsRejected(EventFaultKind kind) {
        assertEquals(EventFaults.NONE, EventFaults.NONE.with(kind, 5).with(kind, 0));
        assertThrows(IllegalArgumentException.class, () -> EventFaults.NONE.with(kind, 101));
        assertThrows(IllegalArgumentException.class, () -> EventFaults.NONE.with(kind, -1));
        assertThrows(IllegalArgumentException.class, () -> EventFaults.NONE.withMaxDelay(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> EventFaults.NONE.withMaxDelay(Duration.ofMinutes(61)));
        assertEquals(Map.of(), EventFaults.NONE.percent());
    }
}
