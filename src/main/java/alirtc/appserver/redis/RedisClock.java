package alirtc.appserver.redis;

import alirtc.appserver.time.EpochNanos;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The clock of the Redis server, which all servers that share it count by. It is read now and then, and goes on by this
 * machine's counter of nanoseconds in between, also while Redis is away; before it was first read, it shows this
 * machine's time. Thread-safe.
 */
public final class RedisClock implements InstantSource {
    /** Readings that differ by less are taken for the same: scheduling makes them uncertain by about so much. */
    private static final Duration TOLERANCE = Duration.ofMillis(5);

    private final LongSupplier nanoTime;
    private volatile Reading reading;
    private volatile boolean read;

    /**
     * What the clock showed.
     *
     * @param time its time
     * @param nanos this machine's counter at that moment
     */
    private record Reading(Instant time, long nanos) {
        Instant at(long later) {
            return time.plusNanos(later - nanos);
        }
    }

    /**
     * Builds a clock that shows this machine's time until Redis is heard of.
     *
     * @param wall this machine's clock
     * @param nanoTime a counter of nanoseconds that never steps
     */
    public RedisClock(InstantSource wall, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.reading = new Reading(wall.instant(), nanoTime.getAsLong());
    }

    @Override
    public Instant instant() {
        return reading.at(nanoTime.getAsLong());
    }

    /** Returns this clock as a counter of nanoseconds, by which a steady clock shows just its time. */
    public long nanos() {
        return EpochNanos.of(instant());
    }

    /**
     * Records a reading, if it says more than is known already.
     *
     * @param sentNanos this machine's counter when Redis was asked
     * @param answeredNanos the same when the answer was there
     */
    void read(Instant time, long sentNanos, long answeredNanos) {
        long onTheWay = (answeredNanos - sentNanos) / 2;
        var next = new Reading(time.plusNanos(onTheWay), answeredNanos);
        var off = Duration.between(reading.at(answeredNanos), next.time());
        var uncertain = TOLERANCE.plusNanos(onTheWay);
        if (!read || off.abs().compareTo(uncertain) > 0) {
            reading = next;
            read = true;
        }
    }

    /** Returns whether it shows the time of Redis, and not that of this machine. */
    boolean isRead() {
        return read;
    }

    long counter() {
        return nanoTime.getAsLong();
    }
}
