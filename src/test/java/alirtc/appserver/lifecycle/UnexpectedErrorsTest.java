package alirtc.appserver.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.call.Tickets;
import alirtc.appserver.call.Transition;
import alirtc.appserver.config.Product;
import alirtc.appserver.config.TestConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.openapi.SdkClient;
import alirtc.appserver.openapi.UpstreamStatus;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.CallStore;
import alirtc.appserver.registry.MemoryCallStore;
import alirtc.appserver.sandbox.Account;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import alirtc.appserver.sandbox.Sandbox;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.NonOverlappingTask;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamCircuitBreaker;
import alirtc.appserver.upstream.UpstreamDispatcher;
import alirtc.appserver.upstream.UpstreamRateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An error, such as that of a full heap, costs what it struck and nothing else: nobody waits for ever, and the next who
 * asks has an answer. An {@link InternalError} stands in for the {@link OutOfMemoryError}, which ends a run of tests.
 */
class UnexpectedErrorsTest {
    private static final ChannelId ROOM = new ChannelId("room");
    private static final String USERS = "DescribeChannelUsers";

    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00Z"));
    private final SteadyClock clock = new SteadyClock(time.wall(), time::nanoTime);
    private final Timers timers = new Timers(time);
    private final Metrics metrics = new Metrics();
    private final CallEvents events = new CallEvents(metrics);
    private final Sandbox sandbox = Sandbox.start(
            new Account(TestConfig.APP_ID, TestConfig.ACCESS_KEY_ID, TestConfig.ACCESS_KEY_SECRET, Product.RTC),
            time.wall(),
            time);
    private final SdkClient sdk = new SdkClient(
            TestConfig.of(Map.of("rtc.openapi.endpoint", sandbox.endpoint().toString()))
                    .upstream(),
            1,
            time,
            metrics);
    private final RtcClient rtc = new RtcClient(Product.RTC, TestConfig.APP_ID, sdk, new UpstreamStatus(), time.wall());
    private final BrittleStore store = new BrittleStore(new MemoryCallStore(CallRules.NONE, 10, clock, gone -> {}));
    private final CallRegistry calls = CallRegistry.direct(store, () -> TestPolicies.SEATLESS, events, Recorder.OFF);
    private final UpstreamDispatcher upstream = upstream();
    private final StartTimeRecovery recovery = new StartTimeRecovery(rtc, upstream, calls, events);
    private final AtomicInteger learnersThatFail = new AtomicInteger();
    private final ChannelPresence presence = new ChannelPresence(
            rtc,
            upstream,
            calls,
            (state, users) -> throwWhile(learnersThatFail),
            Duration.ofSeconds(1),
            metrics,
            timers);

    /** A store that fails by errors as often as a test wants it. */
    private record BrittleStore(CallStore store, AtomicInteger failures) implements CallStore {
        BrittleStore(CallStore store) {
            this(store, new AtomicInteger());
        }

        @Override
        public SteadyClock clock() {
            return store.clock();
        }

        @Override
        public CompletableFuture<Optional<ChannelState>> find(ChannelId channel) {
            throwWhile(failures);
            return store.find(channel);
        }

        @Override
        public CompletableFuture<Change> change(ChannelId channel, Function<@Nullable ChannelState, Transition> step) {
            throwWhile(failures);
            return store.change(channel, step);
        }

        @Override
        public CompletableFuture<List<ChannelState>> live(int max) {
            return store.live(max);
        }

        @Override
        public CompletableFuture<List<ChannelState>> due() {
            throwWhile(failures);
            return store.due();
        }

        @Override
        public void reschedule(ChannelState state) {
            store.reschedule(state);
        }

        @Override
        public Counts counts() {
            return store.counts();
        }

        @Override
        public boolean isReachable() {
            return store.isReachable();
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private static void throwWhile(AtomicInteger failures) {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new InternalError("as a test wants it");
        }
    }

    private UpstreamDispatcher upstream() {
        var limiters = new EnumMap<Action, UpstreamRateLimiter>(Action.class);
        for (var action : Action.values()) {
            limiters.put(action, new UpstreamRateLimiter(1000, clock));
        }
        return new UpstreamDispatcher(
                limiters, 1, new UpstreamCircuitBreaker(clock), clock, Runnable::run, timers, metrics);
    }

    @AfterEach
    void close() {
        sdk.close();
        sandbox.close();
    }

    /** Returns an answer, which is there at once: everything runs on the thread of the test. */
    private static <T> T done(CompletableFuture<T> answer) {
        assertTrue(answer.isDone(), "whoever waits is told");
        return answer.join();
    }

    private void token() {
        assertTrue(calls.tokenIssued(ROOM, Tickets.of(new UserId("ann"), clock.instant()))
                .join()
                .isPresent());
        sandbox.join("room", "ann");
        time.advance(Duration.ofMillis(1));
    }

    @Test
    void lookUp_answerThatTheRegistryCannotTakeIn_isToldAndTheNextIsAskedFor() {
        token();
        store.failures().set(1);
        assertEquals(1, done(presence.lookUp(ROOM, Priority.CHECK)).userList().size());
        time.advance(Duration.ofSeconds(2));
        assertEquals(1, done(presence.lookUp(ROOM, Priority.CHECK)).userList().size());
        assertEquals(2, sandbox.requestCount(USERS));
    }

    @Test
    void lookUp_answerThatALearnerCannotTakeIn_isTold() {
        token();
        learnersThatFail.set(1);
        assertEquals(1, done(presence.lookUp(ROOM, Priority.CHECK)).userList().size());
    }

    @Test
    void users_failureThatTheRegistryCannotTakeIn_isToldAndTheNextIsAskedFor() {
        sandbox.set(Fault.of(FaultKind.JSON503));
        store.failures().set(1);
        var failed = presence.users(ROOM);
        assertTrue(failed.isCompletedExceptionally());
        sandbox.clearFaults();
        assertTrue(done(presence.users(ROOM)).isEmpty());
    }

    @Test
    void recover_registryThatFails_failsAndIsTriedAgain() {
        token();
        var users = done(presence.lookUp(ROOM, Priority.CHECK));
        store.failures().set(1);
        var failed = recovery.recover(ROOM, users);
        assertTrue(failed.isCompletedExceptionally());
        assertEquals(ROOM, done(recovery.recover(ROOM, users)).channel());
    }

    @Test
    void watch_errorsInARoundAndAboutACall_attendsToTheCallAgain() {
        var roundsThatFail = new AtomicInteger(1);
        var watch = new CallWatch(
                calls,
                new ChannelObserver(presence, recovery),
                rtc,
                upstream,
                new CallWatch.Limits(CallRules.NONE, Duration.ofHours(1)),
                state -> {
                    throwWhile(roundsThatFail);
                    return false;
                },
                events);
        timers.every(Duration.ofMillis(250), new NonOverlappingTask(watch::run));
        token();
        time.advance(Duration.ofSeconds(5));
        store.failures().set(3);
        time.advance(Duration.ofSeconds(2));
        assertEquals(0, sandbox.requestCount(USERS));
        time.advance(Duration.ofSeconds(10));
        assertEquals(1, sandbox.requestCount(USERS));
        assertTrue(watch.isRunning());
    }

    @Test
    void watch_everyRoundEndsByAnError_doesNotCountAsRunning() {
        var watch = new CallWatch(
                calls,
                new ChannelObserver(presence, recovery),
                rtc,
                upstream,
                new CallWatch.Limits(CallRules.NONE, Duration.ofHours(1)),
                state -> false,
                events);
        timers.every(Duration.ofMillis(250), new NonOverlappingTask(watch::run));
        store.failures().set(Integer.MAX_VALUE);
        time.advance(Duration.ofSeconds(9));
        assertTrue(watch.isRunning());
        time.advance(Duration.ofSeconds(1));
        assertFalse(watch.isRunning());
    }
}
