package alirtc.appserver.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Bars.Bar;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.config.Product;
import alirtc.appserver.config.TestConfig;
import alirtc.appserver.lifecycle.TokenDecision.Verdict;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.openapi.SdkClient;
import alirtc.appserver.openapi.UpstreamStatus;
import alirtc.appserver.redis.RedisRelay;
import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RedisBackend;
import alirtc.appserver.registry.RedisCallStore;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.UpstreamCircuitBreaker;
import alirtc.appserver.upstream.UpstreamDispatcher;
import alirtc.appserver.upstream.UpstreamRateLimiter;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens of those who may be barred, in a Redis that is well, silent, or away; the cloud is never asked. */
@Timeout(60)
class BarredTokensTest {
    private static final ChannelId BARRED = new ChannelId("barred");
    private static final ChannelId FREE = new ChannelId("free");
    private static final UserId ANN = new UserId("ann");

    private final TestRedis redis = TestRedis.start();
    private final RedisRelay relay = RedisRelay.to(redis);
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private final Timers timers = new Timers(scheduler);
    private final Metrics metrics = new Metrics();
    private final RedisCallStore store = newStore();
    private final CallRegistry calls =
            CallRegistry.buffered(store, () -> TestPolicies.SEATLESS, new CallEvents(metrics), Recorder.OFF, timers);
    private final ChannelObserver observer = newObserver();

    BarredTokensTest() throws IOException {}

    private RedisCallStore newStore() {
        var backend = new RedisBackend(
                relay.settings("{bars}:"),
                InstantSource.system(),
                System::nanoTime,
                Thread::new,
                80,
                share -> {},
                new Metrics());
        return new RedisCallStore(backend, CallRules.NONE, 100, Duration.ofHours(1), Optional.empty());
    }

    /** Returns what looks channels up, with no worker to do so. */
    private ChannelObserver newObserver() {
        var limiters = new EnumMap<Action, UpstreamRateLimiter>(Action.class);
        for (var action : Action.values()) {
            limiters.put(action, new UpstreamRateLimiter(1, store.clock()));
        }
        var upstream = new UpstreamDispatcher(
                limiters, 1, new UpstreamCircuitBreaker(store.clock()), store.clock(), task -> {}, timers, metrics);
        var sdk = new SdkClient(TestConfig.of(Map.of()).upstream(), 1, scheduler, metrics);
        var rtc = new RtcClient(Product.RTC, TestConfig.APP_ID, sdk, new UpstreamStatus(), InstantSource.system());
        var presence =
                new ChannelPresence(rtc, upstream, calls, (state, users) -> {}, Duration.ofSeconds(1), metrics, timers);
        return new ChannelObserver(presence, new StartTimeRecovery(rtc, upstream, calls, new CallEvents(metrics)));
    }

    @BeforeEach
    void bar() throws Exception {
        var until = store.clock().instant().plusSeconds(3600);
        calls.barred(BARRED, new Bar(null, until)).get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        store.close();
        scheduler.shutdownNow();
        relay.close();
        redis.close();
    }

    private Verdict admit(ChannelId channel, boolean barring) throws Exception {
        var admission = new TokenAdmission(calls, observer, SeatPolicy.UNLIMITED, false, barring, metrics, timers);
        return admission
                .admit(channel, ANN, Optional.empty())
                .get(10, TimeUnit.SECONDS)
                .verdict();
    }

    @Test
    void token_redisWell_isRefusedWhereBarred_alone() throws Exception {
        assertEquals(Verdict.BARRED, admit(BARRED, true));
        assertEquals(Verdict.GRANTED, admit(FREE, true));
    }

    @Test
    void token_ofAServerWithoutAdministration_doesNotWait() throws Exception {
        relay.answer(false);
        long asked = System.nanoTime();
        assertEquals(Verdict.GRANTED, admit(FREE, false));
        assertTrue(System.nanoTime() - asked < Duration.ofMillis(200).toNanos(), "waited");
    }

    @Test
    void token_redisSilent_isIssuedWithinTwoSeconds_unlessABarIsKnownHere() throws Exception {
        relay.answer(false);
        long asked = System.nanoTime();
        assertEquals(Verdict.GRANTED, admit(FREE, true));
        assertTrue(System.nanoTime() - asked < Duration.ofMillis(2_500).toNanos(), "waited too long");
        assertEquals(Verdict.BARRED, admit(BARRED, true));
    }

    @Test
    void token_redisAway_isIssued_unlessABarIsKnownHere() throws Exception {
        relay.close();
        assertEquals(Verdict.GRANTED, admit(FREE, true));
        assertEquals(Verdict.BARRED, admit(BARRED, true));
    }

    @Test
    void token_redisSilentWhereSeatsAreOpen_isKnownOnceItAnswers() throws Exception {
        var seats = new SeatPolicy(2, Duration.ofMinutes(1), Duration.ofHours(1));
        var seated = CallRegistry.buffered(
                store, () -> TestPolicies.seats(seats), new CallEvents(new Metrics()), Recorder.OFF, timers);
        relay.answer(false);
        var admission = new TokenAdmission(seated, observer, seats, true, false, metrics, timers);
        var decision = admission.admit(FREE, ANN, Optional.empty()).get(10, TimeUnit.SECONDS);
        assertEquals(Verdict.GRANTED, decision.verdict());
        relay.answer(true);
        var state = found(seated, 50).orElseThrow();
        assertEquals("ann", state.call().evidence().tickets().get(0).user());
    }

    /** Returns what is known of the free channel, as soon as Redis is asked again. */
    private Optional<ChannelState> found(CallRegistry registry, int attempts) throws Exception {
        try {
            return registry.find(FREE).get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertTrue(attempts > 0, "Redis is not asked again");
            timers.delay(Duration.ofMillis(200)).get(10, TimeUnit.SECONDS);
            return found(registry, attempts - 1);
        }
    }
}
