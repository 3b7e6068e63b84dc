package alirtc.appserver.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTest {
    private static final Optional<Duration> ANY = Optional.empty();

    private final RetrySchedule punctual = new RetrySchedule(() -> 0);

    @Test
    void delays_withoutJitter_areThoseOfTheSpecification() {
        var delays = IntStream.rangeClosed(1, 10)
                .mapToObj(failed -> punctual.next(failed, Duration.ZERO, ANY).map(Duration::toString).orElse("none"))
                .toList();
        assertEquals("[PT5S, PT5M, PT30M, PT2H, PT5H, PT10H, PT14H, PT20H, PT24H, none]", delays.toString());
    }

    @Test
    void delay_withJitter_isATenthLongerAtTheMost() {
        var late = new RetrySchedule(() -> 0.5);
        assertEquals(Optional.of(Duration.ofSeconds(315)), late.next(2, Duration.ZERO, ANY));
    }

    @ParameterizedTest
    @CsvSource({"1, PT5S", "60, PT1M", "90000, PT24H", "-5, PT5S"})
    void delay_thatTheReceiverWants_isHeededIfItIsLongerAndNotMoreThanADay(long wanted, Duration expected) {
        assertEquals(
                Optional.of(expected), punctual.next(1, Duration.ZERO, Optional.of(Duration.ofSeconds(wanted))));
    }

    @Test
    void next_ofAMessageThatWaitedBehindOthers_isNoneOnceTheirTimeIsOver() {
        assertEquals(ANY, punctual.next(1, RetrySchedule.SPAN.plusSeconds(1), ANY));
    }
}
