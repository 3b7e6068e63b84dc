package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads ask for one channel at the same moment. */
class SeatRaceTest {
    private static final int THREADS = 64;
    private static final int ROUNDS = 200;
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final SeatPolicy RULES = new SeatPolicy(2, Duration.ofSeconds(30), Duration.ofHours(1));

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final AwaitedRegistry registry = Stores.inMemory(CallRules.NONE, 1000, TestPolicies.seats(RULES), () -> T0);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void tokenIssued_sixtyFourThreads_twoGetSeats() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            assertEquals(2, granted(new ChannelId("room" + round)));
        }
    }

    @Test
    void tokenIssued_sixtyFourThreadsAsASeatComesFree_oneGetsIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var channel = new ChannelId("room" + round);
            registry.tokenIssued(channel, new UserId("ann"), T0);
            registry.tokenIssued(channel, new UserId("bob"), T0);
            registry.observed(channel, look(31, "ann"));
            registry.observed(channel, look(34, "ann"));
            assertEquals(1, granted(channel));
        }
    }

    private static Observation look(int second, String... users) {
        return new Observation(T0.plusSeconds(second), T0.plusSeconds(second), ShownUsers.users(users));
    }

    /** Has every thread ask at once, each as another user, and returns how many were granted a seat. */
    private int granted(ChannelId channel) throws Exception {
        var start = new CyclicBarrier(THREADS);
        var answers = new ArrayList<Future<Boolean>>();
        for (int thread = 0; thread < THREADS; thread++) {
            var user = new UserId("u" + thread);
            answers.add(threads.submit(() -> {
                start.await(10, TimeUnit.SECONDS);
                var call =
                        registry.tokenIssued(channel, user, T0.plusSeconds(40)).orElseThrow();
                return call.seats().holds(user.value());
            }));
        }
        int granted = 0;
        for (var answer : answers) {
            granted += answer.get(10, TimeUnit.SECONDS) ? 1 : 0;
        }
        return granted;
    }
}
