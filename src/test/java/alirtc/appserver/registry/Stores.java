package alirtc.appserver.registry;

import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.redis.RedisClient;
import alirtc.appserver.redis.TestRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The two places for calls, so that one test can hold both to the same. */
interface Stores extends AutoCloseable {

    /** Returns the servers that share an empty registry. */
    List<CallRegistry> open(Optional<Duration> limit, int most, Optional<SeatPolicy> seats, InstantSource clock);

    @Override
    void close();

    /** Returns memory: one server. */
    static Stores memory() {
        return new Stores() {
            @Override
            public List<CallRegistry> open(
                    Optional<Duration> limit, int most, Optional<SeatPolicy> seats, InstantSource clock) {
                return List.of(CallRegistry.inMemory(limit, most, seats, false, clock, new CallEvents(new Metrics())));
            }

            @Override
            public void close() {}

            @Override
            public String toString() {
                return "memory";
            }
        };
    }

    /** Returns a real Redis: two servers. */
    static Stores redis() {
        var redis = TestRedis.start();
        var one = new RedisClient(redis.settings());
        var other = new RedisClient(redis.settings());
        return new Stores() {
            @Override
            public List<CallRegistry> open(
                    Optional<Duration> limit, int most, Optional<SeatPolicy> seats, InstantSource clock) {
                redis.command("FLUSHALL");
                var tokens = Duration.ofHours(1);
                return List.of(
                        CallRegistry.inRedis(
                                one,
                                "{test}:",
                                limit,
                                most,
                                seats,
                                false,
                                tokens,
                                clock,
                                new CallEvents(new Metrics())),
                        CallRegistry.inRedis(
                                other,
                                "{test}:",
                                limit,
                                most,
                                seats,
                                false,
                                tokens,
                                clock,
                                new CallEvents(new Metrics())));
            }

            @Override
            public void close() {
                one.close();
                other.close();
                redis.close();
            }

            @Override
            public String toString() {
                return "Redis";
            }
        };
    }
}
