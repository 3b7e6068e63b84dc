package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Observations in the order in which they were made, whenever the store is there. */
class DeferredObservationsTest {
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00Z"));
    private final DeferredObservations observations = new DeferredObservations(time.wall(), new Timers(time));
    private final List<Integer> learnt = new ArrayList<>();
    private RuntimeException failure = new RegistryException("away");
    private boolean away;

    /** Returns whether it was learnt at once. */
    private boolean learn(int number) {
        var result = observations.learn(ROOM, () -> {
            if (away) {
                return CompletableFuture.failedFuture(failure);
            }
            learnt.add(number);
            return CompletableFuture.completedFuture(number);
        });
        assertTrue(result.isDone());
        return !result.isCompletedExceptionally();
    }

    @Test
    void learn_storeThere_isDoneAtOnce() {
        assertTrue(learn(1));
        assertTrue(learn(2));
        assertEquals(List.of(1, 2), learnt);
    }

    @Test
    void learn_storeAway_isDoneInOrderOnceItIsBack() {
        away = true;
        assertEquals(List.of(false, false), List.of(learn(1), learn(2)));
        time.advance(RETRY);
        away = false;
        assertEquals(false, learn(3), "overtakes the others");
        assertEquals(List.of(), learnt);
        time.advance(RETRY);
        assertEquals(List.of(1, 2, 3), learnt);
        assertTrue(learn(4));
        time.advance(RETRY);
        assertEquals(List.of(1, 2, 3, 4), learnt);
    }

    @Test
    void learn_storeLongAway_theLatestAreKept() {
        away = true;
        IntStream.rangeClosed(1, 100).forEach(this::learn);
        away = false;
        time.advance(RETRY);
        assertEquals(IntStream.rangeClosed(93, 100).boxed().toList(), learnt);
    }

    @Test
    void learn_storeAwayForTenMinutes_isGivenUp() {
        away = true;
        learn(1);
        time.advance(Duration.ofMinutes(9));
        learn(2);
        time.advance(Duration.ofMinutes(2));
        away = false;
        time.advance(RETRY);
        assertEquals(List.of(2), learnt);
    }

    @Test
    void learn_anotherFailure_isNotTriedAgain() {
        away = true;
        failure = new IllegalStateException("a defect");
        learn(1);
        away = false;
        time.advance(RETRY);
        assertTrue(learn(2));
        assertEquals(List.of(2), learnt);
    }
}
