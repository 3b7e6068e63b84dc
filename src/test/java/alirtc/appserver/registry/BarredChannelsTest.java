package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Bars;
import alirtc.appserver.call.Bars.Bar;
import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.EventPolicy;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the operator bars gets no token, in memory, and in Redis by whichever of two servers. */
@Timeout(60)
@ParameterizedClass
@MethodSource("stores")
class BarredChannelsTest {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");

    private final Stores stores;
    private Instant now = T0;

    BarredChannelsTest(Stores stores) {
        this.stores = stores;
    }

    static Stream<Stores> stores() {
        return Stream.of(Stores.memory(), Stores.redis());
    }

    @AfterParameterizedClassInvocation
    static void close(Stores stores) {
        stores.close();
    }

    private List<AwaitedRegistry> open(int max) {
        return stores.open(CallRules.NONE, max, TestPolicies.SEATLESS, () -> now);
    }

    private static AwaitedRegistry last(List<AwaitedRegistry> servers) {
        return servers.get(servers.size() - 1);
    }

    private static Bar everybody(Instant until) {
        return new Bar(null, until);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    /** Returns whether a server issues a token, and records it. */
    private boolean isIssued(AwaitedRegistry server, UserId user) {
        var state = server.tokenIssued(ROOM, user, now).orElseThrow();
        boolean recorded = state.call().evidence().tickets().stream()
                .anyMatch(ticket ->
                        ticket.user().equals(user.value()) && ticket.issuedAt().equals(now));
        assertEquals(state.bars().bars(user.value(), now), !recorded, "recorded, and barred, or neither");
        return recorded;
    }

    @Test
    void channel_ofWhichNothingIsKnown_isBarredAtEveryServer_untilTheBarEnds() {
        var servers = open(100);
        servers.get(0).barred(ROOM, everybody(T0.plusSeconds(60)));
        assertFalse(isIssued(last(servers), ANN));
        pass(Duration.ofSeconds(60).minusNanos(1));
        assertFalse(isIssued(last(servers), ANN));
        pass(Duration.ofNanos(1));
        assertTrue(isIssued(last(servers), ANN));
        assertEquals(
                Stage.PROVISIONAL, last(servers).find(ROOM).orElseThrow().call().stage());
    }

    @Test
    void user_barred_getsNoToken_othersDo() {
        var servers = open(100);
        last(servers).barred(ROOM, new Bar("ann", T0.plusSeconds(60)));
        assertFalse(isIssued(servers.get(0), ANN));
        assertTrue(isIssued(servers.get(0), BOB));
    }

    @Test
    void bar_ofACallThatIsForgotten_holdsOn() {
        var servers = open(100);
        var server = servers.get(0);
        assertTrue(isIssued(server, ANN));
        server.barred(ROOM, everybody(T0.plus(Duration.ofMinutes(10))));
        server.forget(server.find(ROOM).orElseThrow());
        assertFalse(isIssued(last(servers), ANN));
        assertEquals(Stage.OVER, server.find(ROOM).orElseThrow().call().stage());
    }

    @Test
    void bar_ofACallThatEverybodyLeft_holdsOn() {
        var servers = open(100);
        var server = servers.get(0);
        assertTrue(isIssued(server, ANN));
        pass(Duration.ofSeconds(1));
        observe(server, "ann");
        server.barred(ROOM, new Bar("ann", T0.plusSeconds(600)));
        pass(Duration.ofSeconds(60));
        observe(server);
        pass(Duration.ofSeconds(4));
        observe(server);
        assertEquals(Stage.OVER, server.find(ROOM).orElseThrow().call().stage());
        assertFalse(isIssued(last(servers), ANN));
    }

    private void observe(AwaitedRegistry server, String... users) {
        server.observed(ROOM, new Observation(now, now, ShownUsers.users(users)));
    }

    @Test
    void bar_alone_comesUpWhenItEnds_andIsGoneThen() {
        var servers = open(100);
        var server = servers.get(0);
        server.barred(ROOM, everybody(T0.plus(Duration.ofMinutes(10))));
        pass(Duration.ofSeconds(599));
        assertEquals(List.of(), server.due());
        pass(Duration.ofSeconds(2));
        var due = server.due();
        assertEquals(List.of(ROOM), due.stream().map(ChannelState::channel).toList());
        server.forget(due.get(0));
        assertEquals(Optional.empty(), server.find(ROOM));
    }

    @Test
    void bar_thatWasMadeLonger_holdsToItsNewEnd() {
        var server = open(100).get(0);
        server.barred(ROOM, everybody(T0.plusSeconds(60)));
        server.barred(ROOM, everybody(T0.plus(Duration.ofMinutes(10))));
        pass(Duration.ofSeconds(61));
        server.due().forEach(server::forget);
        assertFalse(isIssued(server, ANN));
        pass(Duration.ofMinutes(9));
        server.due().forEach(server::forget);
        assertEquals(Optional.empty(), server.find(ROOM));
    }

    @Test
    void bars_beyondTheBound_areNotKept() {
        var server = open(100).get(0);
        for (int i = 0; i < Bars.MAX; i++) {
            server.barred(ROOM, new Bar("user" + i, T0.plusSeconds(60)));
        }
        var state = server.barred(ROOM, new Bar("ann", T0.plusSeconds(60))).orElseThrow();
        assertEquals(Bars.MAX, state.bars().all().size());
        assertTrue(isIssued(server, ANN));
    }

    @Test
    void channels_barred_makeNoRoomForOthers() {
        var server = open(3).get(0);
        for (int i = 0; i < 3; i++) {
            server.barred(new ChannelId("barred" + i), everybody(T0.plus(Duration.ofMinutes(10))));
        }
        assertEquals(Optional.empty(), server.barred(ROOM, everybody(T0.plus(Duration.ofMinutes(10)))));
        assertEquals(Optional.empty(), server.tokenIssued(ROOM, ANN, now));
        assertTrue(server.find(new ChannelId("barred0")).isPresent());
    }

    /** Events prove nothing of a channel that was never observed: somebody may have been there before the token. */
    @Test
    void token_afterABar_begins_asTheFirstOfItsChannelDoes() {
        var policy = new ChannelPolicy(
                TestPolicies.SEATLESS.seats(), TestPolicies.SEATLESS.start(), EventPolicy.HEARD, false);
        var server = stores.open(CallRules.NONE, 100, policy, () -> now).get(0);
        server.barred(ROOM, new Bar("ann", T0.plusSeconds(600)));
        pass(Duration.ofSeconds(1));
        server.tokenIssued(ROOM, BOB, now);
        assertEquals(Stage.PROVISIONAL, server.find(ROOM).orElseThrow().call().stage());
    }

    @Test
    void end_byTheOperator_isOfTokensIssuedByThen_alone() {
        var servers = open(100);
        var server = servers.get(0);
        assertTrue(isIssued(server, ANN));
        pass(Duration.ofSeconds(5));
        var deletedAt = now;
        pass(Duration.ofSeconds(1));
        assertEquals(
                Stage.ENDED,
                last(servers)
                        .endedByOperator(ROOM, deletedAt)
                        .orElseThrow()
                        .call()
                        .stage());
        server.tokenIssued(ROOM, BOB, now);
        pass(Duration.ofSeconds(1));
        // What came of an earlier order is known late: the token was issued since.
        var state = last(servers).endedByOperator(ROOM, deletedAt).orElseThrow();
        assertEquals(Stage.KNOWN, state.call().stage());
        assertEquals(now.minusSeconds(1), state.call().startedAt());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void end_whereNothingIsKnown_isKept(boolean barred) {
        var server = open(100).get(0);
        if (barred) {
            server.barred(ROOM, everybody(T0.plusSeconds(60)));
        }
        pass(Duration.ofSeconds(1));
        var state = server.endedByOperator(ROOM, now).orElseThrow();
        assertEquals(Stage.ENDED, state.call().stage());
        assertEquals(barred, !state.bars().isEmpty());
        assertFalse(state.call().hasTokenSinceObservation());
    }

    /** However tokens and the bar meet: what a server says of a token is what the state says, and after the bar none is issued. */
    @Test
    void tokens_ofManyThreads_areIssuedBeforeTheBar_orNotAtAll() throws Exception {
        var servers = open(100);
        var pool = Executors.newFixedThreadPool(16);
        try {
            var half = new CountDownLatch(200);
            var tokens = IntStream.range(0, 400)
                    .mapToObj(i -> (Callable<Boolean>) () -> {
                        var server = servers.get(i % servers.size());
                        var user = new UserId("user" + i);
                        var state = server.tokenIssued(ROOM, user, now).orElseThrow();
                        half.countDown();
                        return !state.bars().bars(user.value(), now);
                    })
                    .map(pool::submit)
                    .toList();
            half.await();
            servers.get(0).barred(ROOM, everybody(T0.plus(Duration.ofMinutes(10))));
            for (int i = 0; i < 100; i++) {
                assertFalse(isIssued(servers.get(i % servers.size()), new UserId("late" + i)));
            }
            int issued = 0;
            for (var token : tokens) {
                issued += token.get() ? 1 : 0;
            }
            assertTrue(issued >= 200, () -> "issued before the bar");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void live_channels_areAllListed_thoseAlone() {
        var servers = open(2000);
        var server = servers.get(0);
        for (int i = 0; i < 700; i++) {
            var room = new ChannelId("live" + i);
            server.tokenIssued(room, ANN, now);
            server.observed(room, new Observation(now, now, ShownUsers.users("ann")));
        }
        server.tokenIssued(ROOM, ANN, now);
        server.barred(new ChannelId("barred"), everybody(T0.plusSeconds(60)));
        server.endedByOperator(new ChannelId("live7"), now);

        var live = last(servers).live(1000);

        Set<String> names = live.stream().map(state -> state.channel().value()).collect(Collectors.toSet());
        assertEquals(699, live.size());
        assertEquals(699, names.size());
        assertFalse(names.contains("live7"));
        assertEquals(10, last(servers).live(10).size());
        assertTrue(live.stream().allMatch(ChannelState::isLive));
    }
}
