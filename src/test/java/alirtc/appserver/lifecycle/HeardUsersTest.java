package alirtc.appserver.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.EventPolicy;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.call.Tickets;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.redis.RedisRelay;
import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RedisBackend;
import alirtc.appserver.registry.RedisCallStore;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamCircuitBreaker;
import alirtc.appserver.upstream.UpstreamDispatcher;
import alirtc.appserver.upstream.UpstreamRateLimiter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is in a channel by events that were kept in a Redis which is away. */
@Timeout(30)
class HeardUsersTest {
    private static final ChannelId ROOM = new ChannelId("room");
    private static final UserId ANN = new UserId("ann");
    private static final ChannelUsers LOOKED_UP = ShownUsers.users("ann");

    private final TestRedis redis = TestRedis.start();
    private final RedisRelay relay = RedisRelay.to(redis);
    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00Z"));
    private final Timers timers = new Timers(time);
    private final Metrics metrics = new Metrics();
    private final RedisCallStore store = new RedisCallStore(
            new RedisBackend(
                    relay.settings("{heard}:"),
                    time.wall(),
                    time::nanoTime,
                    Thread::new,
                    80,
                    share -> {},
                    new Metrics()),
            CallRules.NONE,
            100,
            Duration.ofHours(1),
            Optional.empty());
    private final CallRegistry calls = CallRegistry.direct(
            store,
            () -> new ChannelPolicy(SeatPolicy.UNLIMITED, TestPolicies.PROMPT, EventPolicy.HEARD, false),
            new CallEvents(metrics),
            Recorder.OFF);
    private final EventHealth health = new EventHealth(true, store, timers, metrics);
    private final HeardUsers heard = new HeardUsers(calls, tightUpstream(), health, metrics, timers);

    HeardUsersTest() throws Exception {
        health.tokenIssued(ROOM, ANN);
        calls.tokenIssued(ROOM, Tickets.of(ANN, time.wall().instant())).get(5, TimeUnit.SECONDS);
        var told = calls.told(new ChannelEvent(ROOM, Kind.JOIN, "ann", "s1")).get(5, TimeUnit.SECONDS);
        health.observed(told.orElseThrow());
        time.advance(Duration.ofHours(24));
        assertTrue(health.isHeardForLong());
    }

    /** Returns a dispatcher whose budget is used up. */
    private UpstreamDispatcher tightUpstream() throws IOException {
        var limiters = new EnumMap<Action, UpstreamRateLimiter>(Action.class);
        for (var action : Action.values()) {
            limiters.put(action, new UpstreamRateLimiter(1, store.clock()));
        }
        var upstream = new UpstreamDispatcher(
                limiters, 1, new UpstreamCircuitBreaker(store.clock()), store.clock(), request -> {}, timers, metrics);
        for (int i = 0; i < 2; i++) {
            upstream.submit(Action.CHANNEL_USERS, Priority.POLL, () -> LOOKED_UP);
        }
        return upstream;
    }

    @AfterEach
    void close() {
        store.close();
        relay.close();
        redis.close();
    }

    private ChannelUsers find(CompletableFuture<ChannelUsers> lookup) throws Exception {
        return heard.find(ROOM, () -> lookup).get(5, TimeUnit.SECONDS);
    }

    @Test
    void find_redisThere_isWhatEventsTold() throws Exception {
        assertEquals(
                List.of("ann"),
                find(CompletableFuture.failedFuture(new AssertionError("not asked")))
                        .userList());
    }

    @Test
    void find_redisAway_isLookedUpAndNeverNobody() throws Exception {
        relay.close();
        assertEquals(LOOKED_UP, find(CompletableFuture.completedFuture(LOOKED_UP)));
    }

    @Test
    void find_redisAwayAndNoTurnForALookup_failsAsTheLookupDoes() {
        relay.close();
        var rejected = new RtcException(RtcException.Kind.REJECTED, "no turn");
        var failure = assertThrows(ExecutionException.class, () -> find(CompletableFuture.failedFuture(rejected)));
        assertEquals(rejected, failure.getCause());
    }
}
