package alirtc.appserver.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final ManualTime time = new ManualTime(START);
    private final SteadyClock clock = new SteadyClock(time.wall(), time::nanoTime);

    @Test
    void instant_machineClockSetForward_goesOnByTheTimePassed() {
        time.step(Duration.ofHours(8));
        time.advance(Duration.ofSeconds(5));
        assertEquals(START.plusSeconds(5), clock.instant());
    }

    @Test
    void toWall_machineClockSetBack_followsIt() {
        var then = clock.instant();
        time.step(Duration.ofMinutes(-10));
        assertEquals(START.minus(Duration.ofMinutes(10)), clock.toWall(then));
    }

    @Test
    void toWall_machineClockSlewedALittle_staysPut() {
        var then = clock.instant();
        time.step(SteadyClock.TOLERANCE);
        assertEquals(START, clock.toWall(then));
    }

    @Test
    void fromWall_afterAStep_undoesToWall() {
        time.step(Duration.ofHours(-3));
        var then = clock.instant().plusSeconds(7);
        assertEquals(then, clock.fromWall(clock.toWall(then)));
    }
}
