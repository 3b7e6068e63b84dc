package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.EventPolicy;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.redis.RedisRelay;
import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Seats whose tokens nobody got, since Redis answered too late or not at all. */
@Timeout(30)
class LostSeatsTest {
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");
    private static final Duration SOON = Duration.ofSeconds(6);
    private static final ChannelPolicy ONE_SEAT = new ChannelPolicy(
            new SeatPolicy(1, Duration.ofSeconds(30), Duration.ofHours(1)),
            TestPolicies.PROMPT,
            EventPolicy.OFF,
            false);

    private final TestRedis redis = TestRedis.start();
    private final RedisRelay relay = RedisRelay.to(redis);
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private final RedisCallStore store = new RedisCallStore(
            new RedisBackend(
                    relay.settings("{seats}:"),
                    InstantSource.system(),
                    System::nanoTime,
                    Thread::new,
                    80,
                    share -> {},
                    new Metrics()),
            CallRules.NONE,
            100,
            Duration.ofHours(1),
            Optional.empty());
    private final AwaitedRegistry calls;

    LostSeatsTest() throws IOException {
        var timers = new Timers(scheduler);
        store.start(timers);
        calls = new AwaitedRegistry(
                CallRegistry.buffered(store, () -> ONE_SEAT, new CallEvents(new Metrics()), Recorder.OFF, timers),
                store);
        // Redis has to know the script, which it is asked for first.
        eventually(() -> calls.tokenIssued(
                        new ChannelId("warm-up"), ANN, store.clock().instant())
                .isPresent());
    }

    @AfterEach
    void close() {
        store.close();
        scheduler.shutdownNow();
        relay.close();
        redis.close();
    }

    private boolean hasSeat(UserId user) {
        return calls.tokenIssued(ROOM, user, store.clock().instant())
                .orElseThrow()
                .seats()
                .holds(user.value());
    }

    /** Waits in real time until something holds, while Redis is perhaps not asked. */
    private static void eventually(BooleanSupplier holds) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!isSo(holds)) {
            assertTrue(System.nanoTime() < end, "not in time");
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static boolean isSo(BooleanSupplier holds) {
        try {
            return holds.getAsBoolean();
        } catch (RegistryException e) {
            return false;
        }
    }

    @Test
    void tokenIssued_redisTakesItUpTooLate_isNotWritten() {
        long start = System.nanoTime();
        relay.delay(Duration.ofMillis(600));
        assertThrows(RegistryException.class, () -> hasSeat(ANN));
        relay.delay(Duration.ZERO);
        // The late command comes after 0.6 s, and its seat would be taken back after 1.3 s.
        eventually(() -> System.nanoTime() - start > Duration.ofMillis(800).toNanos());
        assertEquals("", redis.command("GET", "{seats}:call:room1").replace("null", ""));
    }

    @Test
    void tokenIssued_answerIsLost_givesTheSeatBack() {
        relay.answer(false);
        assertThrows(RegistryException.class, () -> hasSeat(ANN));
        relay.answer(true);
        eventually(() -> hasSeat(BOB));
    }

    @Test
    void tokenIssued_answerToASecondTokenIsLost_leavesTheSeatOfTheFirst() {
        assertTrue(hasSeat(ANN));
        relay.answer(false);
        assertThrows(RegistryException.class, () -> hasSeat(ANN));
        relay.answer(true);
        long end = System.nanoTime() + Duration.ofMillis(2500).toNanos();
        while (System.nanoTime() < end) {
            assertFalse(isSo(() -> hasSeat(BOB)));
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        eventually(() -> hasSeat(ANN));
    }
}
