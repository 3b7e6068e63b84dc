package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_000_000_000_100L);

    private static ChannelId channel(int number) {
        return new ChannelId("c" + number);
    }

    private static List<ChannelId> take(TimerWheel agenda, Instant now) {
        return agenda.take(now, channel -> channel, NOW.plus(Duration.ofDays(1)));
    }

    @Test
    void take_beforeTheTime_hasNothing() {
        var agenda = new TimerWheel(NOW);
        agenda.add(NOW.plusMillis(400), channel(1));
        assertEquals(List.of(), take(agenda, NOW.plusMillis(399)));
    }

    @Test
    void take_aQuarterOfASecondAfterTheTime_hasIt() {
        var agenda = new TimerWheel(NOW);
        agenda.add(NOW.plusMillis(400), channel(1));
        assertEquals(List.of(channel(1)), take(agenda, NOW.plusMillis(651)));
        assertEquals(List.of(), take(agenda, NOW.plusSeconds(60)));
    }

    @Test
    void take_severalDue_hasTheEarliestFirst() {
        var agenda = new TimerWheel(NOW);
        agenda.add(NOW.plusSeconds(9), channel(9));
        agenda.add(NOW.plusSeconds(2), channel(2));
        agenda.add(NOW.plusSeconds(5), channel(5));
        assertEquals(List.of(channel(2), channel(5), channel(9)), take(agenda, NOW.plusSeconds(10)));
    }

    @Test
    void take_channelThatIsDue_comesAgainAndOneThatIsNotDoesNot() {
        var agenda = new TimerWheel(NOW);
        agenda.add(NOW.plusSeconds(1), channel(1));
        agenda.add(NOW.plusSeconds(1), channel(2));
        var again = NOW.plusSeconds(10);
        assertEquals(
                List.of(channel(1)),
                agenda.take(NOW.plusSeconds(2), channel -> channel.equals(channel(1)) ? channel : null, again));
        assertEquals(List.of(), take(agenda, NOW.plusSeconds(9)));
        assertEquals(List.of(channel(1)), take(agenda, NOW.plusSeconds(11)));
    }

    @Test
    void take_endsByAnError_losesNothing() {
        var agenda = new TimerWheel(NOW);
        agenda.add(NOW.plusSeconds(1), channel(1));
        agenda.add(NOW.plusSeconds(2), channel(2));
        var error = new InternalError("as a test wants it");
        assertThrows(
                InternalError.class,
                () -> agenda.take(
                        NOW.plusSeconds(3),
                        channel -> {
                            if (channel.equals(channel(2))) {
                                throw error;
                            }
                            return channel;
                        },
                        NOW.plusSeconds(10)));
        agenda.add(NOW.plusSeconds(1), channel(3));
        assertEquals(List.of(channel(1), channel(2), channel(3)), take(agenda, NOW.plusSeconds(4)));
    }

    @Test
    void add_timeAlreadyPast_comesNext() {
        var agenda = new TimerWheel(NOW);
        agenda.add(NOW.minusSeconds(3600), channel(1));
        assertEquals(List.of(channel(1)), take(agenda, NOW.plusMillis(500)));
    }

    @Test
    void add_whileSlotsAreTaken_losesNothing() throws Exception {
        var agenda = new TimerWheel(NOW);
        var passed = new AtomicLong();
        int each = 20_000;
        var threads = Executors.newFixedThreadPool(3);
        try {
            var begin = new CountDownLatch(1);
            var adders = new ArrayList<Future<?>>();
            for (int t = 0; t < 2; t++) {
                int from = t * each;
                adders.add(threads.submit(() -> {
                    begin.await();
                    for (int i = 0; i < each; i++) {
                        agenda.add(NOW.plusMillis(passed.get() + i % 700), channel(from + i));
                    }
                    return null;
                }));
            }
            var taken = new ArrayList<ChannelId>();
            begin.countDown();
            while (!adders.stream().allMatch(Future::isDone)) {
                taken.addAll(take(agenda, NOW.plusMillis(passed.addAndGet(100))));
            }
            for (var adder : adders) {
                adder.get();
            }
            taken.addAll(take(agenda, NOW.plusMillis(passed.get() + 2000)));
            assertEquals(2 * each, taken.size());
        } finally {
            threads.shutdownNow();
        }
    }
}
