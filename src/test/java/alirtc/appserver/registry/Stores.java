package alirtc.appserver.registry;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.time.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** The two places for channels, so that one test can hold both to the same. */
interface Stores extends AutoCloseable {

    /** Returns the servers that share an empty registry. */
    List<AwaitedRegistry> open(CallRules rules, int max, ChannelPolicy policy, InstantSource clock);

    @Override
    void close();

    /** Returns a clock as the counter of nanoseconds that a steady clock goes by. */
    static LongSupplier nanos(InstantSource clock) {
        return () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos();
    }

    /** Returns a registry in memory, by a clock that the test holds. */
    static AwaitedRegistry inMemory(CallRules rules, int max, ChannelPolicy policy, InstantSource clock) {
        var store = new MemoryCallStore(rules, max, new SteadyClock(clock, nanos(clock)), gone -> {});
        return over(store, policy);
    }

    /** Returns a store in Redis, by a clock that the test holds. */
    static RedisCallStore inRedis(
            RedisConfig config, CallRules rules, int max, Duration tokenTtl, InstantSource clock) {
        var backend = new RedisBackend(config, clock, nanos(clock), Thread::new, 80, share -> {}, new Metrics());
        return new RedisCallStore(backend, rules, max, tokenTtl);
    }

    /** Returns a registry that keeps its channels in a store, without seats. */
    static AwaitedRegistry over(CallStore store) {
        return over(store, TestPolicies.SEATLESS);
    }

    /** Returns a registry that keeps its channels in a store. */
    static AwaitedRegistry over(CallStore store, ChannelPolicy policy) {
        return new AwaitedRegistry(
                CallRegistry.direct(store, () -> policy, new CallEvents(new Metrics()), Recorder.ON), store);
    }

    /** Returns memory: one server. */
    static Stores memory() {
        return new Stores() {
            @Override
            public List<AwaitedRegistry> open(CallRules rules, int max, ChannelPolicy policy, InstantSource clock) {
                return List.of(inMemory(rules, max, policy, clock));
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
        var config = redis.settings();
        var open = new ArrayList<RedisCallStore>();
        return new Stores() {
            @Override
            public List<AwaitedRegistry> open(CallRules rules, int max, ChannelPolicy policy, InstantSource clock) {
                closeStores();
                redis.command("FLUSHALL");
                for (int server = 0; server < 2; server++) {
                    open.add(inRedis(config, rules, max, Duration.ofHours(1), clock));
                }
                return open.stream().map(store -> over(store, policy)).toList();
            }

            private void closeStores() {
                open.forEach(RedisCallStore::close);
                open.clear();
            }

            @Override
            public void close() {
                closeStores();
                redis.close();
            }

            @Override
            public String toString() {
                return "Redis";
            }
        };
    }
}
