package alirtc.appserver.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers behind one address, of which the one takes over from the other. */
@Timeout(30)
class RedisFailoverTest {
    private static final Duration HEALED_WITHIN = Duration.ofSeconds(3);
    private static final int CONNECTIONS = 16;
    private static final LuaScript WRITE =
            new LuaScript("redis.call('SET', KEYS[1], ARGV[1]) return {}", "0".repeat(40), List.of("string"));

    private static void write(RedisClient client, String value) {
        client.run(WRITE, List.of("{f}:key"), List.of(value));
    }

    /** Opens as many connections as there can be, which stay with their server. */
    private static void openAll(RedisRelay relay, RedisClient client) throws Exception {
        // So that none is free again before all are open.
        relay.delay(Duration.ofMillis(50));
        var threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            var together = new CountDownLatch(CONNECTIONS);
            var done = new ArrayList<Future<?>>();
            for (int i = 0; i < CONNECTIONS; i++) {
                done.add(threads.submit(() -> {
                    together.countDown();
                    together.await();
                    write(client, "before");
                    return null;
                }));
            }
            for (var one : done) {
                one.get(10, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
            relay.delay(Duration.ZERO);
        }
    }

    /** Waits in real time until what is written arrives. */
    private static void awaitHealed(RedisClient client, TestRedis primary) {
        long start = System.nanoTime();
        while (true) {
            try {
                write(client, "after");
                assertEquals("after", primary.command("GET", "{f}:key"));
                return;
            } catch (RedisException e) {
                var passed = Duration.ofNanos(System.nanoTime() - start);
                assertTrue(passed.compareTo(HEALED_WITHIN) < 0, () -> "after " + passed + ": " + e.getMessage());
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    @Test
    void run_primaryBecomesAReplicaAndKeepsItsConnections_goesToTheNewOneAtOnce() throws Exception {
        try (var first = TestRedis.start();
                var second = TestRedis.start();
                var relay = RedisRelay.to(first);
                var client = new RedisClient(relay.settings("{f}:"), CONNECTIONS, new Metrics())) {
            openAll(relay, client);
            relay.leadTo(second);
            first.command(
                    "REPLICAOF", "127.0.0.1", Integer.toString(second.uri().getPort()));
            awaitHealed(client, second);
            assertTrue(client.isReachable());
        }
    }

    @Test
    void run_addressMovesOnlyAfterTheFailover_isHealedSoonAfterThat() throws Exception {
        try (var first = TestRedis.start();
                var second = TestRedis.start();
                var relay = RedisRelay.to(first);
                var client = new RedisClient(relay.settings("{f}:"), CONNECTIONS, new Metrics())) {
            openAll(relay, client);
            first.command(
                    "REPLICAOF", "127.0.0.1", Integer.toString(second.uri().getPort()));
            for (int i = 0; i < 20; i++) {
                try {
                    write(client, "lost");
                } catch (RedisException e) {
                    // The replica refuses until the address leads elsewhere.
                }
            }
            relay.leadTo(second);
            awaitHealed(client, second);
        }
    }

    @Test
    void run_primaryVanishesWithoutAWord_isHealedSoon() throws Exception {
        try (var first = TestRedis.start();
                var second = TestRedis.start();
                var relay = RedisRelay.to(first);
                var client = new RedisClient(relay.settings("{f}:"), CONNECTIONS, new Metrics())) {
            openAll(relay, client);
            // What the first connections are asked is never answered, as by a machine without power.
            first.command("CLIENT", "PAUSE", "20000");
            relay.leadTo(second);
            awaitHealed(client, second);
        }
    }
}
