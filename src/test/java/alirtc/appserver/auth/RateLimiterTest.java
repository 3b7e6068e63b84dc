package alirtc.appserver.auth;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private Instant now = Instant.EPOCH;
    private final RateLimiter limit = new RateLimiter(3, () -> now);

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void take_asOftenAsAllowed_isFine_andOnceMoreIsRejectedUntilRetryAfter() {
        for (int i = 0; i < 3; i++) {
            limit.take("ann");
        }
        var rejection = assertThrows(AccessException.class, () -> limit.take("ann"));
        assertEquals(AccessException.Kind.RATE_LIMITED, rejection.kind());
        assertEquals(Duration.ofSeconds(20), rejection.retryAfter());
        assertDoesNotThrow(() -> limit.take("bob"));
        pass(rejection.retryAfter().minusMillis(1));
        assertThrows(AccessException.class, () -> limit.take("ann"));
        pass(Duration.ofMillis(1));
        assertDoesNotThrow(() -> limit.take("ann"));
    }

    @Test
    void requireLeft_takesNothing() {
        for (int i = 0; i < 10; i++) {
            limit.requireLeft("ann");
        }
        for (int i = 0; i < 5; i++) {
            limit.count("ann");
        }
        assertThrows(AccessException.class, () -> limit.requireLeft("ann"));
        pass(Duration.ofMinutes(1));
        assertDoesNotThrow(() -> limit.requireLeft("ann"));
    }

    @Test
    void take_moreCallersThanCanBeRemembered_remembersABoundedNumber() {
        for (int i = 0; i < 6 * RateLimiter.MAX_CALLERS; i++) {
            limit.take(Integer.toString(i));
        }
        assertTrue(limit.size() <= RateLimiter.MAX_CALLERS, () -> "holds " + limit.size());
    }
}
