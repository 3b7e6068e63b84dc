package alirtc.appserver.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.rtc.RtcException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamMemoryTest {
    private static final Instant SENT = Instant.parse("2026-11-22T10:00:00.400Z");
    private static final Instant ANSWERED = Instant.parse("2026-11-22T10:00:00.600Z");

    private final UpstreamMemory memory = new UpstreamMemory();

    @Test
    void latest_beforeAnyCall_isEmpty() {
        assertEquals(Optional.empty(), memory.latest().askedAt());
        assertEquals(Optional.empty(), memory.latest().skew());
    }

    @Test
    void skew_ofAnAnswer_isFromTheMiddleOfTheCallToTheMiddleOfTheSecond() {
        memory.answered(SENT, ANSWERED, Optional.of(Instant.parse("2026-11-22T10:00:00Z")));
        assertEquals(Optional.of(Duration.ZERO), memory.latest().skew());
        memory.answered(SENT, ANSWERED, Optional.of(Instant.parse("2026-11-22T09:59:50Z")));
        assertEquals(Optional.of(Duration.ofSeconds(-10)), memory.latest().skew());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT13H", "PT-1M"})
    void skew_clockSetDuringTheCall_isNotLearntFromIt(Duration step) {
        memory.answered(SENT, ANSWERED.plus(step), Optional.of(Instant.parse("2026-11-22T10:00:00Z")));
        assertEquals(Optional.empty(), memory.latest().skew());
        assertEquals(Optional.of(ANSWERED.plus(step)), memory.latest().answeredAt());
    }

    @Test
    void failed_afterAnAnswer_keepsWhenThatWasAndTheSkew() {
        memory.answered(SENT, ANSWERED, Optional.of(Instant.parse("2026-11-22T10:00:00Z")));
        memory.failed(ANSWERED.plusSeconds(5), Kind.TIMEOUT);
        assertEquals(
                new UpstreamMemory.Latest(
                        Optional.of(ANSWERED.plusSeconds(5)),
                        Optional.of(Kind.TIMEOUT),
                        Optional.of(ANSWERED),
                        Optional.of(Duration.ZERO)),
                memory.latest());
    }

    @Test
    void answered_withoutATime_keepsTheSkewAndForgetsTheFailure() {
        memory.answered(SENT, ANSWERED, Optional.of(Instant.parse("2026-11-22T10:00:10Z")));
        memory.failed(ANSWERED, Kind.THROTTLED);
        memory.answered(SENT, ANSWERED, Optional.empty());
        assertEquals(Optional.of(Duration.ofSeconds(10)), memory.latest().skew());
        assertEquals(Optional.empty(), memory.latest().failure());
    }
}
