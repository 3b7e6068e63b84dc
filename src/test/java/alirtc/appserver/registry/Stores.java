package alirtc.appserver.registry;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.records.FileRecords;
import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.time.SteadyClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The two places for channels, so that one test can hold both to the same. */
interface Stores extends AutoCloseable {
    /** How long records are kept. */
    Duration KEEP = Duration.ofDays(90);

    /** Returns the servers that share an empty registry. */
    List<AwaitedRegistry> open(CallRules rules, int max, ChannelPolicy policy, InstantSource clock);

    /** Returns the servers after they ended and were started again, with what they had written down. */
    List<AwaitedRegistry> reopen(CallRules rules, int max, ChannelPolicy policy, InstantSource clock);

    /** Returns what was told of calls since the registry was empty. */
    ToldCalls told();

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
        return new RedisCallStore(backend(config, clock), rules, max, tokenTtl, Optional.empty());
    }

    private static RedisBackend backend(RedisConfig config, InstantSource clock) {
        return new RedisBackend(config, clock, nanos(clock), Thread::new, 80, share -> {}, new Metrics());
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
            private KeptJournal journal = new KeptJournal();

            @Override
            public List<AwaitedRegistry> open(CallRules rules, int max, ChannelPolicy policy, InstantSource clock) {
                journal = new KeptJournal();
                return reopen(rules, max, policy, clock);
            }

            @Override
            public List<AwaitedRegistry> reopen(CallRules rules, int max, ChannelPolicy policy, InstantSource clock) {
                var memory = new MemoryCallStore(rules, max, new SteadyClock(clock, nanos(clock)), gone -> {});
                var registry = over(new JournaledCallStore(memory, journal), policy);
                registry.resume(journal.openAtStart());
                return List.of(registry);
            }

            @Override
            public ToldCalls told() {
                return journal.told();
            }

            @Override
            public void close() {}

            @Override
            public String toString() {
                return "memory";
            }
        };
    }

    /** Returns memory beside a real file of records in a folder. */
    static Stores file(Path folder) {
        return new Stores() {
            private int opened;
            private @Nullable FileRecords file;
            private @Nullable KeptCalls kept;

            @Override
            public List<AwaitedRegistry> open(CallRules rules, int max, ChannelPolicy policy, InstantSource clock) {
                opened++;
                return reopen(rules, max, policy, clock);
            }

            @Override
            public List<AwaitedRegistry> reopen(CallRules rules, int max, ChannelPolicy policy, InstantSource clock) {
                close();
                var steady = new SteadyClock(clock, nanos(clock));
                var records = new FileRecords(
                        folder.resolve("records" + opened),
                        KEEP,
                        KeptCalls.EVERYTHING,
                        steady,
                        Thread::new,
                        new Metrics().records());
                file = records;
                kept = KeptCalls.of(records, steady);
                var memory = new MemoryCallStore(rules, max, steady, gone -> {});
                var registry = over(new JournaledCallStore(memory, records), policy);
                registry.resume(records.openAtStart());
                return List.of(registry);
            }

            @Override
            public ToldCalls told() {
                return Objects.requireNonNull(kept).all();
            }

            @Override
            public void close() {
                if (file != null) {
                    file.close();
                }
            }

            @Override
            public String toString() {
                return "memory, with records in a file";
            }
        };
    }

    /** Returns a real Redis: two servers. */
    static Stores redis() {
        var redis = TestRedis.start();
        var config = redis.settings();
        var open = new ArrayList<RedisCallStore>();
        return new Stores() {
            private @Nullable KeptCalls kept;

            @Override
            public List<AwaitedRegistry> open(CallRules rules, int max, ChannelPolicy policy, InstantSource clock) {
                redis.command("FLUSHALL");
                return reopen(rules, max, policy, clock);
            }

            @Override
            public List<AwaitedRegistry> reopen(CallRules rules, int max, ChannelPolicy policy, InstantSource clock) {
                closeStores();
                for (int server = 0; server < 2; server++) {
                    var backend = backend(config, clock);
                    var records = backend.records(KEEP, KeptCalls.EVERYTHING);
                    kept = KeptCalls.of(records, backend.clock());
                    open.add(new RedisCallStore(backend, rules, max, Duration.ofHours(1), Optional.of(records)));
                }
                return open.stream().map(store -> over(store, policy)).toList();
            }

            @Override
            public ToldCalls told() {
                return Objects.requireNonNull(kept).all();
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
