package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.Joins;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers whose clocks differ by hours: both count by the clock of Redis, from the first command on. */
@Timeout(30)
class ServerClocksTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration OFF = Duration.ofHours(1);
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final UserId ANN = new UserId("ann");

    private final String prefix = REDIS.settings().prefix();
    private final RedisCallStore slow = open(OFF.negated());
    private final RedisCallStore fast = open(OFF);

    /** Opens a server whose heartbeats come when they are asked for, and never before the first command. */
    private RedisCallStore open(Duration off) {
        InstantSource wall = () -> Instant.now().plus(off);
        var backend = new RedisBackend(
                REDIS.settings(prefix), wall, System::nanoTime, Thread::new, 80, share -> {}, new Metrics());
        var store = new RedisCallStore(backend, CallRules.limit(LIMIT), 100, Duration.ofHours(1), Optional.empty());
        store.start(new Timers(new ManualTime(Instant.EPOCH)));
        return store;
    }

    /** Returns a server's registry once its first command, whatever came of it, has told it the time. */
    private static AwaitedRegistry knowingTime(RedisCallStore store) {
        var calls = Stores.over(store);
        try {
            calls.find(ROOM);
        } catch (RegistryException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("another clock"), e.getMessage());
        }
        return calls;
    }

    @AfterEach
    void close() {
        slow.close();
        fast.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @Test
    void clocks_afterTheFirstCommand_agree() {
        knowingTime(slow);
        knowingTime(fast);
        var difference = Duration.between(slow.clock().instant(), fast.clock().instant());
        assertTrue(difference.abs().toMillis() < 500, "they differ by " + difference);
    }

    @Test
    void change_firstCommandOfAServer_neverWritesATimeOfItsOwnClock() {
        var calls = Stores.over(fast);
        var at = fast.clock().instant();
        assertThrows(RegistryException.class, () -> calls.tokenIssued(ROOM, ANN, at));
        assertTrue(calls.find(ROOM).isEmpty());
    }

    @Test
    void due_serverThatIsAnHourAhead_endsNoCallBeforeItsTime() {
        var calls = knowingTime(slow);
        var now = slow.clock().instant();
        calls.startLearned(ROOM, Optional.of(new Joins(now, now, now)), ShownUsers.users("ann"));
        var others = Stores.over(fast);
        try {
            assertEquals(List.of(), others.due());
        } catch (RegistryException e) {
            // It has to learn the time first.
        }
        assertEquals(List.of(), others.due());
    }

    @Test
    void due_serverThatIsAnHourBehind_endsACallInTime() {
        var calls = knowingTime(fast);
        var now = fast.clock().instant();
        var begun = now.minus(LIMIT);
        calls.startLearned(ROOM, Optional.of(new Joins(now, begun, begun)), ShownUsers.users("ann"));
        assertEquals(1, knowingTime(slow).due().size());
    }
}
