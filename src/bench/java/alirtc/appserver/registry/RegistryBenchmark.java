package alirtc.appserver.registry;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.EventPolicy;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.call.Joins;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.StartPolicy;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a call costs the registry when it holds few or many. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
public class RegistryBenchmark {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final ChannelPolicy POLICY =
            new ChannelPolicy(SeatPolicy.UNLIMITED, new StartPolicy(false, Duration.ZERO), EventPolicy.HEARD, false);
    private static final UserId USER = new UserId("12345678");
    private static final int ROUND = 1 << 16;

    @Param({"1000", "1000000"})
    public int live;

    private final InstantSource clock = () -> START;
    private Filled registry = filled(0, clock);
    private final Map<ChannelId, Integer> plain = new ConcurrentHashMap<>();
    private ChannelId[] known = {};
    private ChannelId[] unknown = {};
    private int next;

    /**
     * A registry with calls.
     *
     * @param calls the registry
     * @param store what it keeps them in
     */
    record Filled(CallRegistry calls, CallStore store) {}

    /** Fills a registry as traffic does: two get tokens and join, of which events tell, and a lookup shows both. */
    static Filled filled(int calls, InstantSource clock) {
        LongSupplier nanos =
                () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos();
        var store = new MemoryCallStore(
                CallRules.limit(Duration.ofHours(1)), Integer.MAX_VALUE, new SteadyClock(clock, nanos), gone -> {});
        var registry = CallRegistry.direct(store, () -> POLICY, new CallEvents(new Metrics()), Recorder.OFF);
        for (int i = 0; i < calls; i++) {
            // Every call has times and users of its own, as it has in life, and every request the channel's name.
            var at = START.plusMillis(i % 30_000);
            for (var user : users(i)) {
                registry.tokenIssued(channel(i), new Ticket(user, at, null)).join();
            }
            for (var user : users(i)) {
                registry.told(new ChannelEvent(channel(i), Kind.JOIN, user, user))
                        .join();
            }
            var both = new ChannelUsers("r", START, true, 1, 2, 0, 0, users(i), List.of(), List.of());
            registry.startLearned(channel(i), Optional.of(new Joins(at, at, at)), both)
                    .join();
            registry.observed(channel(i), new Observation(at.plusMillis(1990), at.plusMillis(2000), both))
                    .join();
        }
        return new Filled(registry, store);
    }

    /** Returns who is in a call: one text for each, as of the names in events and in the cloud's answers. */
    private static List<String> users(int call) {
        return List.of(
                Integer.toString(10_000_000 + call).intern(),
                Integer.toString(20_000_000 + call).intern());
    }

    private static ChannelId channel(int number) {
        return new ChannelId("room-" + (100_000_000 + number));
    }

    @Setup
    public void fillPlainMap() {
        for (int i = 0; i < live; i++) {
            plain.put(channel(i), i);
        }
    }

    /** Anew for each iteration: with a clock that stands still, nobody takes the reminders of ended calls away. */
    @Setup(Level.Iteration)
    public void fill() {
        registry = filled(live, clock);
        known = new ChannelId[ROUND];
        unknown = new ChannelId[ROUND];
        for (int i = 0; i < ROUND; i++) {
            known[i] = channel((int) (i * 7919L % live));
            unknown[i] = channel(live + i);
        }
        System.gc();
    }

    @Benchmark
    public Object find() {
        return registry.calls().find(known[next++ & ROUND - 1]).join();
    }

    /** What finding costs in any map: the most that can be hoped for. */
    @Benchmark
    public Object findInAPlainMap() {
        return Objects.requireNonNull(plain.get(known[next++ & ROUND - 1]));
    }

    @Benchmark
    public Object registerFindAndEnd() {
        var channel = unknown[next++ & ROUND - 1];
        var call = registry.calls()
                .tokenIssued(channel, new Ticket(USER.value(), START, null))
                .join()
                .orElseThrow();
        var found = registry.calls().find(channel).join();
        registry.calls().forget(call).join();
        return found;
    }

    @Benchmark
    public Object tickWithNothingDue() {
        return registry.calls().due().join();
    }
}
