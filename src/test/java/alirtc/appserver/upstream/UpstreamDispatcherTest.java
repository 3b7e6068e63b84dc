package alirtc.appserver.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What becomes of requests when something fails that should not, and which failures count against the cloud. An {@link
 * InternalError} stands in for the {@link OutOfMemoryError} of a machine that gives no thread: that ends a run of tests.
 */
class UpstreamDispatcherTest {
    private static final int WORKERS = 4;

    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00Z"));
    private final SteadyClock clock = new SteadyClock(time.wall(), time::nanoTime);
    private final UpstreamCircuitBreaker breaker = new UpstreamCircuitBreaker(clock);

    private UpstreamDispatcher dispatcher(Executor executor) {
        var limiters = new EnumMap<Action, UpstreamRateLimiter>(Action.class);
        for (var action : Action.values()) {
            limiters.put(action, new UpstreamRateLimiter(1000, clock));
        }
        return new UpstreamDispatcher(limiters, WORKERS, breaker, clock, executor, new Timers(time), new Metrics());
    }

    /** An executor that gets no thread for the first few tasks. */
    private static final class Threadless implements Executor {
        private final AtomicInteger missing;

        Threadless(int tasks) {
            missing = new AtomicInteger(tasks);
        }

        @Override
        public void execute(Runnable task) {
            if (missing.getAndDecrement() > 0) {
                throw new InternalError("as a test wants it");
            }
            task.run();
        }
    }

    private static CompletableFuture<String> ask(
            UpstreamDispatcher dispatcher, UpstreamDispatcher.Request<String> how) {
        return dispatcher.submit(Action.CHANNEL_USERS, Priority.CHECK, how).answer();
    }

    private static Throwable failure(CompletableFuture<?> answer) {
        assertTrue(answer.isDone(), "whoever waits is told");
        return Objects.requireNonNull(
                assertThrows(CompletionException.class, answer::join).getCause());
    }

    private void fail(UpstreamDispatcher dispatcher, Kind kind, int times) {
        for (int i = 0; i < times; i++) {
            var answer = ask(dispatcher, () -> {
                throw new RtcException(kind, "as a test wants it");
            });
            assertInstanceOf(RtcException.class, failure(answer));
            time.advance(Duration.ofMillis(10));
        }
    }

    @Test
    void submit_noThreadToBeHad_failsAndKeepsNoWorker() {
        var dispatcher = dispatcher(new Threadless(3 * WORKERS));
        for (int i = 0; i < 3 * WORKERS; i++) {
            var failure = failure(ask(dispatcher, () -> "never"));
            assertEquals(
                    Kind.REJECTED, assertInstanceOf(RtcException.class, failure).kind());
        }
        assertEquals(0, dispatcher.inFlight());
        assertEquals("good", ask(dispatcher, () -> "good").join());
    }

    @Test
    void submit_requestEndsByAnError_failsAndKeepsNoWorker() {
        var dispatcher = dispatcher(Runnable::run);
        for (int i = 0; i < 3 * WORKERS; i++) {
            var answer = ask(dispatcher, () -> {
                throw new InternalError("as a test wants it");
            });
            assertInstanceOf(InternalError.class, failure(answer));
        }
        assertEquals(0, dispatcher.inFlight());
        assertEquals("good", ask(dispatcher, () -> "good").join());
    }

    @Test
    void submit_moreChecksThanCanBeSentInTime_areRejectedAndWhatIsUrgentIsNot() {
        var dispatcher = dispatcher(task -> {});
        var checks = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < UpstreamDispatcher.MAX_WAITING + 10; i++) {
            checks.add(ask(dispatcher, () -> "never"));
        }
        // One is in flight.
        var rejected = checks.subList(UpstreamDispatcher.MAX_WAITING + 1, checks.size());
        assertEquals(9, rejected.size());
        for (var check : rejected) {
            assertEquals(
                    Kind.REJECTED,
                    assertInstanceOf(RtcException.class, failure(check)).kind());
        }
        assertEquals(
                rejected.size(),
                checks.stream().filter(CompletableFuture::isDone).count());
        for (var priority : List.of(Priority.DEADLINE, Priority.INTERACTIVE)) {
            var urgent = dispatcher.submit(Action.CHANNEL_USERS, priority, () -> "later");
            assertFalse(urgent.answer().isDone(), priority::name);
        }
    }

    @Test
    void breaker_trialsEndByErrors_letsOthersTry() {
        var dispatcher = dispatcher(Runnable::run);
        fail(dispatcher, Kind.UNAVAILABLE, 20);
        assertEquals("open", breaker.state());
        time.advance(UpstreamCircuitBreaker.OPEN_FOR.plusMillis(1));
        for (int i = 0; i < 3; i++) {
            failure(ask(dispatcher, () -> {
                throw new InternalError("as a test wants it");
            }));
        }
        for (int i = 0; i < 3; i++) {
            assertEquals("good", ask(dispatcher, () -> "good").join());
        }
        assertEquals("closed", breaker.state());
    }

    @Test
    void breaker_malformedAnswers_judgeTheirChannelsAlone() {
        var dispatcher = dispatcher(Runnable::run);
        fail(dispatcher, Kind.MALFORMED, 100);
        assertEquals("closed", breaker.state());
        assertEquals("good", ask(dispatcher, () -> "good").join());
    }
}
