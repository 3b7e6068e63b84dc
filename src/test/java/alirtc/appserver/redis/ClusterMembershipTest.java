package alirtc.appserver.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that share a budget; each has a clock of its own that the test holds, Redis has the machine's. */
class ClusterMembershipTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final int BUDGET = 80;

    private final RedisClient redis = new RedisClient(REDIS.settings(), 1, new Metrics());
    private final String prefix = REDIS.settings().prefix();
    private final ManualTime time = new ManualTime(Instant.EPOCH);

    /** One server, and the shares it was given. */
    private final class Node {
        final List<Double> shares = new ArrayList<>();
        final RedisClock clock = new RedisClock(time.wall(), time::nanoTime);
        final ClusterMembership cluster = new ClusterMembership(redis, clock, prefix, BUDGET, shares::add);

        double share() {
            return shares.get(shares.size() - 1);
        }
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private void seconds(int seconds, Node... nodes) {
        for (int i = 0; i < seconds; i++) {
            time.advance(Duration.ofSeconds(1));
            for (var node : nodes) {
                node.cluster.run();
            }
        }
    }

    @Test
    void share_alone_isAllAfterAWhile() {
        var alone = new Node();
        assertTrue(alone.share() < 3);
        seconds(3, alone);
        assertTrue(alone.share() < 3);
        seconds(1, alone);
        assertEquals(BUDGET, alone.share());
    }

    @Test
    void share_anotherComes_isNeverMoreThanTheBudgetTogether() {
        var first = new Node();
        seconds(5, first);
        var second = new Node();
        for (int i = 0; i < 5; i++) {
            seconds(1, second);
            seconds(1, first);
            assertTrue(first.share() + second.share() <= BUDGET, first.shares + " " + second.shares);
        }
        assertEquals(List.of(40.0, 40.0), List.of(first.share(), second.share()));
    }

    @Test
    void share_anotherLeaves_growsAfterAWhile() {
        var first = new Node();
        var second = new Node();
        seconds(5, first, second);
        second.cluster.leave();
        seconds(4, first);
        assertEquals(40.0, first.share());
        seconds(1, first);
        assertEquals(BUDGET, first.share());
    }

    @Test
    void share_redisLostAll_staysWhileTheOthersComeBack() {
        var first = new Node();
        var second = new Node();
        seconds(5, first, second);
        REDIS.command("FLUSHALL");
        seconds(2, first);
        seconds(4, second, first);
        assertEquals(List.of(40.0, 40.0), List.of(first.share(), second.share()));
    }

    @Test
    void clock_afterASignOfLife_isThatOfRedis() {
        var node = new Node();
        node.cluster.run();
        var text = REDIS.command("TIME").split(" ", -1);
        var now = Instant.ofEpochSecond(Long.parseLong(text[0]), Long.parseLong(text[1]) * 1000);
        var off = Duration.between(node.clock.instant(), now).abs();
        assertTrue(off.toMillis() < 1000, "off by " + off);
    }
}
