package alirtc.appserver.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Joins;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.config.Product;
import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.config.TestConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.openapi.SdkClient;
import alirtc.appserver.openapi.UpstreamStatus;
import alirtc.appserver.redis.RedisRelay;
import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.registry.AwaitedRegistry;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RedisBackend;
import alirtc.appserver.registry.RedisCallStore;
import alirtc.appserver.sandbox.Account;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import alirtc.appserver.sandbox.Sandbox;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.UpstreamCircuitBreaker;
import alirtc.appserver.upstream.UpstreamDispatcher;
import alirtc.appserver.upstream.UpstreamRateLimiter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deadlines of calls in Redis, where another server may do what this one is held up in. */
@Timeout(60)
class CallWatchTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration WARNED_BEFORE = Duration.ofMinutes(1);
    private static final CallRules RULES = new CallRules(Optional.of(LIMIT), Optional.of(WARNED_BEFORE));
    private static final Duration TOKEN_TTL = Duration.ofHours(1);
    private static final Duration STEP = Duration.ofMillis(250);
    private static final ChannelId ROOM = new ChannelId("room");
    private static final String DELETE = "DeleteChannel";

    private final RedisRelay relay = RedisRelay.to(REDIS);
    private final String prefix = REDIS.settings().prefix();
    private final ManualTime time = new ManualTime(T0);
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
    private final RedisCallStore mine = open(relay.settings(prefix));
    private final RedisCallStore others = open(REDIS.settings(prefix));
    private final AwaitedRegistry other = new AwaitedRegistry(registry(others), others);
    private final CallRegistry calls = registry(mine);

    /** What this server is about to send to the cloud, and is held up in until a test runs it. */
    private final LinkedBlockingQueue<Runnable> requests = new LinkedBlockingQueue<>();

    private final CallWatch watch = watch();

    CallWatchTest() throws IOException {}

    private RedisCallStore open(RedisConfig config) {
        var backend =
                new RedisBackend(config, time.wall(), time::nanoTime, Thread::new, 80, share -> {}, new Metrics());
        return new RedisCallStore(backend, RULES, 100, TOKEN_TTL, Optional.empty());
    }

    private CallRegistry registry(RedisCallStore store) {
        return CallRegistry.direct(store, () -> TestPolicies.SEATLESS, new CallEvents(new Metrics()), Recorder.ON);
    }

    private CallWatch watch() {
        var timers = new Timers(time);
        var limiters = new EnumMap<Action, UpstreamRateLimiter>(Action.class);
        for (var action : Action.values()) {
            limiters.put(action, new UpstreamRateLimiter(80, calls.clock()));
        }
        var upstream = new UpstreamDispatcher(
                limiters, 8, new UpstreamCircuitBreaker(calls.clock()), calls.clock(), requests::add, timers, metrics);
        var presence =
                new ChannelPresence(rtc, upstream, calls, (state, users) -> {}, Duration.ofSeconds(1), metrics, timers);
        var observer = new ChannelObserver(presence, new StartTimeRecovery(rtc, upstream, calls, events));
        var limits = new CallWatch.Limits(RULES, TOKEN_TTL);
        return new CallWatch(calls, observer, rtc, upstream, limits, state -> true, events);
    }

    @AfterEach
    void close() {
        mine.close();
        others.close();
        sdk.close();
        sandbox.close();
        relay.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    /** Returns the state of a call that begins now. */
    private ChannelState begin() {
        var now = time.wall().instant();
        sandbox.join(ROOM.value(), "ann");
        return other.startLearned(ROOM, Optional.of(new Joins(now, now, now)), ShownUsers.users("ann"));
    }

    /** Takes what is due, and returns the request that is about to be sent for it. */
    private Runnable takeDeletion() throws Exception {
        watch.run().get(5, TimeUnit.SECONDS);
        var request = requests.poll(5, TimeUnit.SECONDS);
        assertNotNull(request);
        return request;
    }

    /** Another server ends the call, and people begin a new one in its channel. */
    private void beginAnotherCall(ChannelState state) {
        other.ended(state);
        other.tokenIssued(ROOM, new UserId("bob"), time.wall().instant());
    }

    @Test
    void run_callAtItsLimit_isEnded() throws Exception {
        begin();
        time.advance(LIMIT);
        takeDeletion().run();
        assertEquals(1, sandbox.requestCount(DELETE));
        assertEquals(List.of(), sandbox.participants(ROOM.value()));
    }

    @Test
    void delete_serverPausedWhileAnotherEndsTheCall_leavesTheNewerCallAlone() throws Exception {
        var state = begin();
        time.advance(LIMIT);
        var deletion = takeDeletion();
        time.advance(Duration.ofMinutes(1));
        beginAnotherCall(state);
        deletion.run();
        assertEquals(0, sandbox.requestCount(DELETE));
    }

    @Test
    void delete_serverPausedWhileItIsToldThatTheCallIsThere_leavesTheNewerCallAlone() throws Exception {
        var state = begin();
        time.advance(LIMIT);
        var deletion = takeDeletion();
        relay.beforeNextAnswer(() -> {
            time.advance(Duration.ofMinutes(1));
            beginAnotherCall(state);
        });
        deletion.run();
        assertEquals(0, sandbox.requestCount(DELETE));
    }

    @Test
    void delete_redisAway_isNotDoneByWhatWasKnown() throws Exception {
        var state = begin();
        time.advance(LIMIT);
        var deletion = takeDeletion();
        beginAnotherCall(state);
        relay.close();
        deletion.run();
        assertEquals(0, sandbox.requestCount(DELETE));
    }

    /** Lets a step of time pass, and waits in real time until what was due then is recorded. */
    private Stage step() throws Exception {
        time.advance(STEP);
        watch.run().get(5, TimeUnit.SECONDS);
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!watch.isIdle()) {
            assertTrue(System.nanoTime() < end, "something is still being done");
            // What Redis has to be asked for before comes later than the watch's round ends.
            for (var request = requests.poll(); request != null; request = requests.poll()) {
                request.run();
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        return other.find(ROOM).orElseThrow().call().stage();
    }

    private boolean isWarned() {
        var open = other.find(ROOM).orElseThrow().open();
        return open != null && open.warned();
    }

    @Test
    void run_callOnRecordNearItsLimit_isToldAndGoesOnUntilThen() throws Exception {
        begin();
        time.advance(LIMIT.minus(WARNED_BEFORE).minus(STEP).minus(STEP));
        step();
        assertFalse(isWarned());
        assertEquals(Stage.KNOWN, step());
        assertTrue(isWarned());
        time.advance(WARNED_BEFORE.minus(STEP).minus(STEP));
        assertEquals(Stage.KNOWN, step());
        assertEquals(Stage.ENDED, step());
    }

    @Test
    void run_cloudAwayAtTheLimit_callIsEndedWithinTwoSecondsOfItsReturn() throws Exception {
        for (int outage = 0; outage < 8; outage++) {
            var state = begin();
            time.advance(LIMIT);
            sandbox.set(Fault.of(FaultKind.JSON503));
            for (int i = 0; i < 60 + outage * 3; i++) {
                step();
            }
            sandbox.clearFaults();
            var returned = time.wall().instant();
            while (step() != Stage.ENDED) {
                var late = Duration.between(returned, time.wall().instant());
                assertTrue(late.toMillis() <= 2000, "not within " + late);
            }
            other.forget(other.find(ROOM).orElseThrow());
            assertTrue(other.find(ROOM).isEmpty(), state::toString);
        }
    }
}
