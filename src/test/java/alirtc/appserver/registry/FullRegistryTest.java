package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.EndReason;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.call.Tickets;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of channels that the memory has no room for. */
class FullRegistryTest {
    private static final int MAX = 3;
    private static final ChannelPolicy TWO_SEATS =
            TestPolicies.seats(new SeatPolicy(2, Duration.ofSeconds(30), Duration.ofHours(1)));

    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00Z"));
    private final SteadyClock clock = new SteadyClock(time.wall(), time::nanoTime);
    private final List<String> displaced = new ArrayList<>();
    private final MemoryCallStore store = new MemoryCallStore(
            CallRules.limit(Duration.ofMinutes(10)),
            MAX,
            clock,
            state -> displaced.add(state.channel().value()));

    private CallRegistry registry(ChannelPolicy policy) {
        return CallRegistry.direct(store, () -> policy, new CallEvents(new Metrics()), Recorder.OFF);
    }

    private Optional<ChannelState> token(CallRegistry calls, String channel) {
        return calls.tokenIssued(new ChannelId(channel), Tickets.of(new UserId("ann"), clock.instant()))
                .join();
    }

    private void show(CallRegistry calls, String channel, String... users) {
        time.advance(Duration.ofMillis(1));
        var now = clock.instant();
        calls.observed(new ChannelId(channel), new Observation(now, now, ShownUsers.users(users)))
                .join();
    }

    private boolean isKept(String channel) {
        return store.find(new ChannelId(channel)).join().isPresent();
    }

    @Test
    void token_storeFull_theEarliestInWhichNobodyWasSeenMakesRoom() {
        var calls = registry(TestPolicies.SEATLESS);
        token(calls, "live");
        show(calls, "live", "ann");
        for (int i = 1; i <= 5; i++) {
            assertTrue(token(calls, "made-up" + i).isPresent());
        }
        assertEquals(List.of("made-up1", "made-up2", "made-up3"), displaced);
        assertTrue(isKept("live") && isKept("made-up4") && isKept("made-up5"));
        assertEquals(MAX, store.counts().channels());
        assertEquals(1, store.counts().live());
    }

    @Test
    void token_storeFullOfLiveCalls_isNotKeptAndPushesOutNobody() {
        var calls = registry(TestPolicies.SEATLESS);
        for (int i = 0; i < MAX; i++) {
            token(calls, "live" + i);
            show(calls, "live" + i, "ann");
        }
        assertFalse(token(calls, "other").isPresent());
        assertEquals(List.of(), displaced);
    }

    @Test
    void token_storeFullOfEndedCalls_pushesOutNone() {
        var calls = registry(TestPolicies.SEATLESS);
        for (int i = 0; i < MAX; i++) {
            token(calls, "ended" + i);
            show(calls, "ended" + i, "ann");
            calls.ended(store.find(new ChannelId("ended" + i)).join().orElseThrow(), EndReason.LIMIT)
                    .join();
        }
        assertFalse(token(calls, "other").isPresent());
    }

    @Test
    void token_storeFullOfSeats_makesRoomOnceNobodyCanBeOnTheWay() {
        var calls = registry(TWO_SEATS);
        for (int i = 0; i < MAX; i++) {
            token(calls, "made-up" + i);
        }
        assertFalse(token(calls, "other").isPresent(), "a seat is kept for who was told so");
        time.advance(Duration.ofMinutes(2));
        assertTrue(token(calls, "other").isPresent());
        assertEquals(List.of("made-up0"), displaced);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "134217728, 16384", "536870912, 65536", "68719476736, 1000000"})
    void capacity_ofAHeap_isOneForEach8Kilobytes(long heapBytes, int channels) {
        assertEquals(channels, MemoryCallStore.capacity(heapBytes));
    }
}
