package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.redis.RedisRelay;
import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A Redis that takes 100 ms for each command, which is too much for all that phones ask. */
@Timeout(60)
class RedisLanesTest {
    private static final Duration DELAY = Duration.ofMillis(100);
    private static final Duration OVERLOAD = Duration.ofSeconds(5);
    private static final int REQUESTS_PER_SECOND = 400;
    private static final String PREFIX = "{lanes}:";

    /** What came of the phones' requests. */
    private static final class Outcomes {
        final AtomicLong answered = new AtomicLong();
        final AtomicLong rejected = new AtomicLong();
        final AtomicLong longestNanos = new AtomicLong();
        final List<Throwable> defects = new ArrayList<>();

        private synchronized void add(long nanos, Throwable failure) {
            longestNanos.accumulateAndGet(nanos, Math::max);
            if (failure == null) {
                answered.incrementAndGet();
            } else if (RegistryException.causes(failure)) {
                rejected.incrementAndGet();
            } else {
                defects.add(failure);
            }
        }
    }

    private static ThreadFactory daemons() {
        return task -> {
            var thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Asks for start times as many phones do, in real time, until they are told to stop. */
    private static CompletableFuture<Outcomes> phones(CallRegistry calls, AtomicBoolean over) {
        return CompletableFuture.supplyAsync(() -> {
            var outcomes = new Outcomes();
            var all = new ArrayList<CompletableFuture<?>>();
            for (int i = 0; !over.get(); i++) {
                long start = System.nanoTime();
                all.add(calls.find(new ChannelId("c" + i)).handle((found, failure) -> {
                    outcomes.add(System.nanoTime() - start, failure);
                    return found;
                }));
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / REQUESTS_PER_SECOND);
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
            return outcomes;
        });
    }

    @Test
    void overload_ofPhones_isRejectedInTimeAndHoldsUpNeitherWatchNorHeartbeat() throws Exception {
        var scheduler = Executors.newScheduledThreadPool(1, daemons());
        try (var redis = TestRedis.start();
                var relay = RedisRelay.to(redis)) {
            var backend = new RedisBackend(
                    relay.settings(PREFIX),
                    InstantSource.system(),
                    System::nanoTime,
                    daemons(),
                    80,
                    share -> {},
                    new Metrics());
            try (var store =
                    new RedisCallStore(backend, CallRules.NONE, 100_000, Duration.ofHours(1), Optional.empty())) {
                var timers = new Timers(scheduler);
                store.start(timers);
                var calls = CallRegistry.direct(
                        store, () -> TestPolicies.SEATLESS, new CallEvents(new Metrics()), Recorder.OFF);
                calls.due().join();
                relay.delay(DELAY);
                var over = new AtomicBoolean();
                var asked = phones(calls, over);
                long longestGap = 0;
                long latestBeat = 0;
                int rounds = 0;
                long start = System.nanoTime();
                long roundAt = start;
                while (System.nanoTime() - start < OVERLOAD.toNanos()) {
                    boolean done = calls.due()
                            .handle((due, failure) -> failure == null)
                            .join();
                    long now = System.nanoTime();
                    longestGap = Math.max(longestGap, now - roundAt);
                    roundAt = done ? now : roundAt;
                    rounds += done ? 1 : 0;
                    latestBeat = Math.max(latestBeat, sinceHeartbeat(redis));
                }
                over.set(true);
                var outcomes = asked.get(20, TimeUnit.SECONDS);
                LoggerFactory.getLogger(RedisLanesTest.class)
                        .info(
                                "{} answered, {} rejected, at the latest after {} ms; {} rounds, {} ms between two at most; heartbeats {} ms",
                                outcomes.answered,
                                outcomes.rejected,
                                outcomes.longestNanos.get() / 1_000_000,
                                rounds,
                                longestGap / 1_000_000,
                                latestBeat);
                assertEquals(List.of(), outcomes.defects);
                assertTrue(outcomes.rejected.get() > 0, "all was answered, so that nothing is shown");
                assertTrue(outcomes.longestNanos.get() < Duration.ofSeconds(3).toNanos());
                assertTrue(longestGap < Duration.ofMillis(1500).toNanos(), "no round for " + longestGap + " ns");
                assertTrue(latestBeat < 2500, "no heartbeat for " + latestBeat + " ms");
            }
        } finally {
            scheduler.shutdownNow();
        }
    }

    /** Returns how many milliseconds ago the server gave its latest sign of life, by the clock of Redis. */
    private static long sinceHeartbeat(TestRedis redis) {
        var time = redis.command("TIME").split(" ", -1);
        var node = redis.command("ZRANGE", PREFIX + "nodes", "0", "0", "WITHSCORES")
                .split(" ", -1);
        long now = Long.parseLong(time[0]) * 1000 + Long.parseLong(time[1]) / 1000;
        return node.length < 2 ? Long.MAX_VALUE : now - Long.parseLong(node[1]);
    }
}
