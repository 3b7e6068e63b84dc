package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** What happens at random in one channel, held against the truth at every step. */
abstract class History {
    private static final int STEPS = 150;
    private static final int MOST_TOLD = 40;

    private final Deque<Supplier<String>> latest = new ArrayDeque<>();

    /** Lets something happen. */
    abstract void step();

    /** Ends the run: an upstream that is well and a channel left alone. */
    abstract void quiet();

    /** Returns the registry that was asked last. */
    abstract AwaitedRegistry registry();

    /** Remembers an event, to be told if the run fails and it is among the latest. */
    final void note(Duration sinceStart, Supplier<String> event) {
        latest.add(() -> sinceStart.toMillis() + " ms: " + event.get());
        if (latest.size() > MOST_TOLD) {
            latest.remove();
        }
    }

    /**
     * Plays histories, each from a seed of its own, and makes sure that nothing is left of any.
     *
     * @param runs how many, unless {@code model.times} asks for a multiple
     * @param begin returns the history of a seed
     * @param seen counts in a history what the test is about
     * @param leftOver what is wrong if something is left
     * @return how often it was about that, in all of them
     */
    static <H extends History> int play(
            Stores stores, int runs, LongFunction<H> begin, ToIntFunction<H> seen, String leftOver) {
        long first = Long.getLong("model.seed", 1);
        long beyond = first + (long) runs * Integer.getInteger("model.times", 1);
        System.out.println("Histories in " + stores + " with the seeds from " + first
                + " on; others by -Dmodel.seed=, more by -Dmodel.times=");
        int all = 0;
        for (long seed = first; seed < beyond; seed++) {
            H history = begin.apply(seed);
            try {
                for (int step = 0; step < STEPS; step++) {
                    history.step();
                }
                history.quiet();
                assertEquals(0, history.registry().size(), leftOver);
                all += seen.applyAsInt(history);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed + "L: " + e.getMessage() + "\n" + history.latest(), e);
            }
        }
        return all;
    }

    final String latest() {
        return latest.stream().map(Supplier::get).collect(Collectors.joining("\n"));
    }
}
