package alirtc.appserver.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.openapi.RtcException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamStatusTest {
    private static final Instant SENT = Instant.parse("2026-11-22T10:00:00.400Z");
    private static final Instant ANSWERED = Instant.parse("2026-11-22T10:00:00.600Z");

    private final UpstreamStatus status = new UpstreamStatus();

    @Test
    void latest_beforeAnyCall_isEmpty() {
        assertEquals(Optional.empty(), status.latest().askedAt());
        assertEquals(Optional.empty(), status.latest().skew());
    }

    @Test
    void skew_ofAnAnswer_isFromTheMiddleOfTheCallToTheMiddleOfTheSecond() {
        status.recordSuccess(SENT, ANSWERED, Optional.of(Instant.parse("2026-11-22T10:00:00Z")));
        assertEquals(Optional.of(Duration.ZERO), status.latest().skew());
        status.recordSuccess(SENT, ANSWERED, Optional.of(Instant.parse("2026-11-22T09:59:50Z")));
        assertEquals(Optional.of(Duration.ofSeconds(-10)), status.latest().skew());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT13H", "PT-1M"})
    void skew_clockSetDuringTheCall_isNotLearntFromIt(Duration step) {
        status.recordSuccess(SENT, ANSWERED.plus(step), Optional.of(Instant.parse("2026-11-22T10:00:00Z")));
        assertEquals(Optional.empty(), status.latest().skew());
        assertEquals(Optional.of(ANSWERED.plus(step)), status.latest().answeredAt());
    }

    @Test
    void failed_afterAnAnswer_keepsWhenThatWasAndTheSkew() {
        status.recordSuccess(SENT, ANSWERED, Optional.of(Instant.parse("2026-11-22T10:00:00Z")));
        status.recordFailure(ANSWERED.plusSeconds(5), Kind.TIMEOUT);
        assertEquals(
                new UpstreamStatus.Latest(
                        Optional.of(ANSWERED.plusSeconds(5)),
                        Optional.of(Kind.TIMEOUT),
                        Optional.of(ANSWERED),
                        Optional.of(Duration.ZERO)),
                status.latest());
    }

    @Test
    void answered_withoutATime_keepsTheSkewAndForgetsTheFailure() {
        status.recordSuccess(SENT, ANSWERED, Optional.of(Instant.parse("2026-11-22T10:00:10Z")));
        status.recordFailure(ANSWERED, Kind.THROTTLED);
        status.recordSuccess(SENT, ANSWERED, Optional.empty());
        assertEquals(Optional.of(Duration.ofSeconds(10)), status.latest().skew());
        assertEquals(Optional.empty(), status.latest().failure());
    }
}
