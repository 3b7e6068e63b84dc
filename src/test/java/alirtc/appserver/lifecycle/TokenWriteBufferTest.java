package alirtc.appserver.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Call;
import alirtc.appserver.config.Product;
import alirtc.appserver.config.TestConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.openapi.SdkClient;
import alirtc.appserver.openapi.UpstreamStatus;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import alirtc.appserver.upstream.UpstreamCircuitBreaker;
import alirtc.appserver.upstream.UpstreamDispatcher;
import alirtc.appserver.upstream.UpstreamRateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens that are noted when the test lets the registry's threads run; the upstream never answers. */
class TokenWriteBufferTest {
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00Z"));
    private final SteadyClock clock = new SteadyClock(time.wall(), time::nanoTime);
    private final CallRegistry calls = CallRegistry.inMemory(
            Optional.empty(), 20_000, Optional.empty(), false, clock, new CallEvents(new Metrics()));
    private final Deque<Runnable> work = new ArrayDeque<>();
    private final SdkClient sdk = new SdkClient(TestConfig.of(Map.of()).upstream(), 1, time, new Metrics());
    private boolean overloaded;
    private final TokenWriteBuffer notes = new TokenWriteBuffer(calls, startTimes(), clock, this::accept, time);

    private StartTimes startTimes() {
        var rtc = new RtcClient(Product.RTC, TestConfig.APP_ID, sdk, new UpstreamStatus(), time.wall());
        var upstream = new UpstreamDispatcher(
                new UpstreamRateLimiter(80, clock),
                1,
                new UpstreamCircuitBreaker(clock),
                clock,
                question -> {},
                time,
                new Metrics());
        var presence = new ChannelPresence(
                rtc, upstream, calls, Duration.ofSeconds(1), clock, new Metrics(), Runnable::run, time);
        var recovery = new StartTimeRecovery(rtc, upstream, calls, clock, new CallEvents(new Metrics()), Runnable::run);
        return new StartTimes(calls, presence, recovery, Optional.empty(), clock, time, Runnable::run);
    }

    private void accept(Runnable task) {
        if (overloaded) {
            throw new RejectedExecutionException();
        }
        work.add(task);
    }

    @AfterEach
    void close() {
        sdk.close();
    }

    private void add(int user) {
        notes.add(ROOM, new UserId("u" + user), clock.instant());
    }

    private int users() {
        return calls.find(ROOM).map(call -> call.tickets().size()).orElse(0);
    }

    @Test
    void add_oneToken_isWrittenAtOnce() {
        add(1);
        assertEquals(0, users());
        work.remove().run();
        assertEquals(1, users());
        time.advance(PAUSE);
        assertTrue(work.isEmpty(), "nothing more is to be written");
    }

    @Test
    void add_manyTokensOfAChannel_areMergedAndTheLatestKept() {
        for (int user = 0; user < 50_000; user++) {
            add(user);
        }
        work.remove().run();
        assertEquals(1, users());
        assertTrue(work.isEmpty(), "written again without a pause");
        time.advance(PAUSE);
        work.remove().run();
        var tickets = calls.find(ROOM).orElseThrow().tickets();
        assertEquals(Call.MAX_TICKETS, tickets.size());
        assertEquals("u49999", tickets.get(tickets.size() - 1).user());
        time.advance(PAUSE);
        assertTrue(work.isEmpty(), "nothing more is to be written");
    }

    @Test
    void add_moreChannelsThanFit_areDroppedAndLaterTakenAgain() {
        for (int i = 0; i < 10_500; i++) {
            notes.add(new ChannelId("c" + i), new UserId("ann"), clock.instant());
        }
        assertEquals(10_000, work.size());
        work.forEach(Runnable::run);
        work.clear();
        add(1);
        assertEquals(1, work.size());
    }

    @Test
    void add_registryOverloaded_isDroppedAndLaterTakenAgain() {
        overloaded = true;
        add(1);
        overloaded = false;
        add(2);
        work.remove().run();
        assertEquals(1, users());
    }
}
