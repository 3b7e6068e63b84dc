package alirtc.appserver.time;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Times as nanoseconds since 1970, which reach from 1677 to 2262. Thread-safe. */
public final class EpochNanos {
    private static final long PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private EpochNanos() {}

    /**
     * Returns a time as a number.
     *
     * @throws ArithmeticException if it is too early or too late for that
     */
    public static long of(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), PER_SECOND), time.getNano());
    }

    /** Returns the time that a number stands for. */
    public static Instant toInstant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, PER_SECOND), Math.floorMod(nanos, PER_SECOND));
    }
}
