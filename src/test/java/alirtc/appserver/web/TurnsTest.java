package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Turns, of which there are few. */
class TurnsTest {
    private final List<String> went = new ArrayList<>();

    private static void queue(Turns turns, Runnable go) {
        assertTrue(turns.tryAwait(() -> go), "no place is free");
    }

    @Test
    void turn_none_isWaitedForInOrder() {
        var turns = new Turns(1, 9);
        assertTrue(turns.tryTake());
        assertFalse(turns.tryTake());
        queue(turns, () -> went.add("first"));
        queue(turns, () -> went.add("second"));
        assertEquals(List.of(), went);

        turns.giveBack();
        assertEquals(List.of("first"), went);
        assertFalse(turns.tryTake(), "taken before those who wait");
        turns.giveBack();
        assertEquals(List.of("first", "second"), went);
        turns.giveBack();
        assertTrue(turns.tryTake());
    }

    @Test
    void turn_free_isNotWaitedFor() {
        queue(new Turns(1, 9), () -> went.add("at once"));
        assertEquals(List.of("at once"), went);
    }

    @Test
    void place_noneLeft_isNotGivenUntilOneWhoWaitedGoes() {
        var turns = new Turns(1, 2);
        assertTrue(turns.tryTake());
        queue(turns, () -> went.add("goes"));
        queue(turns, () -> went.add("goes later"));
        assertFalse(turns.tryAwait(() -> () -> went.add("never")));

        turns.giveBack();
        assertEquals(List.of("goes"), went);
        queue(turns, () -> went.add("goes last"));
        assertFalse(turns.tryAwait(() -> () -> went.add("never")));
    }

    @Test
    void place_ofOneWhoCannotWait_isFreeAgain() {
        var turns = new Turns(1, 1);
        assertTrue(turns.tryTake());
        var error = new OutOfMemoryError("as a test wants it");
        assertSame(
                error,
                assertThrows(
                        OutOfMemoryError.class,
                        () -> turns.tryAwait(() -> {
                            throw error;
                        })));
        queue(turns, () -> went.add("next"));

        turns.giveBack();
        assertEquals(List.of("next"), went);
    }

    @Test
    void turn_ofOneThatCannotGoOn_isGivenBack() {
        var turns = new Turns(1, 9);
        assertTrue(turns.tryTake());
        queue(turns, () -> {
            throw new RejectedExecutionException("the container has no thread");
        });
        queue(turns, () -> went.add("next"));

        turns.giveBack();
        assertEquals(List.of("next"), went);
    }

    @Test
    void turns_takenByManyThreads_areNeverMoreNorLost() throws Exception {
        int most = 3;
        int each = 20_000;
        int threads = 8;
        var turns = new Turns(most, threads * each);
        var atWork = new AtomicInteger();
        var done = new AtomicInteger();
        Runnable work = () -> {
            if (atWork.incrementAndGet() > most) {
                throw new IllegalStateException("too many at work");
            }
            done.incrementAndGet();
            atWork.decrementAndGet();
            turns.giveBack();
        };
        var pool = Executors.newFixedThreadPool(threads);
        var goOn = Executors.newFixedThreadPool(threads);
        try {
            Callable<Object> caller = () -> {
                for (int i = 0; i < each; i++) {
                    if (turns.tryTake()) {
                        work.run();
                    } else {
                        queue(turns, () -> goOn.execute(work));
                    }
                }
                return done;
            };
            var callers = pool.invokeAll(
                    IntStream.range(0, threads).mapToObj(i -> caller).toList());
            for (var one : callers) {
                one.get();
            }
            long end = System.nanoTime() + TestServer.PATIENCE.toNanos();
            while (done.get() < threads * each && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertEquals(threads * each, done.get());
        } finally {
            pool.shutdownNow();
            goOn.shutdownNow();
        }
        for (int i = 0; i < most; i++) {
            assertTrue(turns.tryTake(), "a turn was lost");
        }
    }
}
