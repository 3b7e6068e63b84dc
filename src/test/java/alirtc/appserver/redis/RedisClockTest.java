package alirtc.appserver.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RedisClockTest {
    private static final Instant MACHINE = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant REDIS = Instant.parse("2026-11-22T11:30:00.5Z");

    private final ManualTime machine = new ManualTime(MACHINE);
    private final RedisClock time = new RedisClock(machine.wall(), machine::nanoTime);

    private void read(Instant redis, Duration roundTrip) {
        long sent = machine.nanoTime();
        machine.advance(roundTrip);
        time.read(redis, sent, machine.nanoTime());
    }

    @Test
    void instant_neverRead_isTheMachines() {
        machine.advance(Duration.ofSeconds(2));
        assertEquals(MACHINE.plusSeconds(2), time.instant());
    }

    @Test
    void instant_read_isThatOfRedisInTheMiddleOfTheRoundTrip() {
        read(REDIS, Duration.ofMillis(10));
        assertEquals(REDIS.plusMillis(5), time.instant());
    }

    @Test
    void instant_machineClockSet_goesOn() {
        read(REDIS, Duration.ZERO);
        machine.step(Duration.ofHours(-3));
        machine.advance(Duration.ofSeconds(7));
        assertEquals(REDIS.plusSeconds(7), time.instant());
    }

    @Test
    void instant_readAgainAboutTheSame_staysPut() {
        read(REDIS, Duration.ZERO);
        machine.advance(Duration.ofSeconds(1));
        read(REDIS.plusSeconds(1).plusMillis(4), Duration.ZERO);
        assertEquals(REDIS.plusSeconds(1), time.instant());
    }

    @Test
    void instant_clocksDrift_followsRedis() {
        read(REDIS, Duration.ZERO);
        machine.advance(Duration.ofSeconds(100));
        read(REDIS.plusSeconds(100).plusMillis(9), Duration.ZERO);
        assertEquals(REDIS.plusSeconds(100).plusMillis(9), time.instant());
    }

    @Test
    void steadyClockByIt_translatesNothing() {
        var clock = new SteadyClock(time, time::nanos);
        read(REDIS, Duration.ZERO);
        assertEquals(REDIS, clock.instant());
        assertEquals(MACHINE, clock.toWall(MACHINE));
        assertEquals(MACHINE, clock.fromWall(MACHINE));
    }
}
