package alirtc.appserver.time;

import io.github.bucket4j.TimeMeter;
import java.time.InstantSource;

/** Tells token buckets the time of a clock that never steps. Thread-safe. */
public final class ClockMeter implements TimeMeter {
    private final InstantSource clock;

    /** Builds a meter of the clock's time. */
    public ClockMeter(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public long currentTimeNanos() {
        return EpochNanos.of(clock.instant());
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }
}
