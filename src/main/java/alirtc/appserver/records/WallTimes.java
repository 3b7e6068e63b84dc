package alirtc.appserver.records;

import alirtc.appserver.time.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/**
 * The times of one text, translated between the steady clock and the machine's clock: all of them by the same distance,
 * so that what is told of a call adds up even while the machine's clock is set. Immutable.
 *
 * @param shift by how much the machine's clock is ahead
 */
record WallTimes(Duration shift) {
    private static final DateTimeFormatter FORM =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /** Returns the translation by which a clock goes now. */
    static WallTimes by(SteadyClock clock) {
        return new WallTimes(Duration.between(Instant.EPOCH, clock.toWall(Instant.EPOCH)));
    }

    /** Returns a time of the steady clock as the machine's clock shows it. */
    Instant wall(Instant steady) {
        return steady.plus(shift);
    }

    /** Returns a time of the machine's clock as the steady clock shows it. */
    Instant steady(Instant wall) {
        return wall.minus(shift);
    }

    /** Returns a time in milliseconds since 1970. */
    long millis(Instant steady) {
        return wall(steady).toEpochMilli();
    }

    /** Returns a time in ISO 8601, to the millisecond. */
    String text(Instant steady) {
        return FORM.format(Instant.ofEpochMilli(millis(steady)));
    }

    /** Returns the steady time of milliseconds since 1970. */
    Instant instant(long millis) {
        return steady(Instant.ofEpochMilli(millis));
    }
}
