package alirtc.appserver.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that never steps: it starts at the machine's time and goes on by the machine's counter of nanoseconds, so that
 * setting the machine's clock neither ends calls nor keeps them alive. Thread-safe.
 *
 * <p>Its instants are for counting. What a phone is to read is translated by {@link #toWall}, which follows the
 * machine's clock once that has moved by more than {@link #TOLERANCE}; below, translations stay put, so that a call's
 * start reads the same each time.
 */
public final class SteadyClock implements InstantSource {
    static final Duration TOLERANCE = Duration.ofSeconds(2);

    private final InstantSource wall;
    private final LongSupplier nanoTime;
    private final Instant origin;
    private final long originNanos;
    private volatile Duration step = Duration.ZERO;

    /**
     * Builds a clock.
     *
     * @param wall the machine's clock, which may be set
     * @param nanoTime a counter of nanoseconds, which may not
     */
    public SteadyClock(InstantSource wall, LongSupplier nanoTime) {
        this.wall = wall;
        this.nanoTime = nanoTime;
        this.origin = wall.instant();
        this.originNanos = nanoTime.getAsLong();
    }

    /** Returns the time by this clock. */
    @Override
    public Instant instant() {
        return origin.plusNanos(nanoTime.getAsLong() - originNanos);
    }

    /** Returns what the machine's clock shows when this clock shows the given time. */
    public Instant toWall(Instant steady) {
        return steady.plus(step());
    }

    /** Returns what this clock shows when the machine's clock shows the given time. */
    public Instant fromWall(Instant machine) {
        return machine.minus(step());
    }

    private Duration step() {
        var now = Duration.between(instant(), wall.instant());
        if (now.minus(step).abs().compareTo(TOLERANCE) > 0) {
            step = now;
        }
        return step;
    }
}
