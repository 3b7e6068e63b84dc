package alirtc.appserver.webhooks;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** When a message is tried again. Thread-safe if what it draws from is. */
final class RetrySchedule {
    /** After which each attempt is made, counted from the one before. */
    private static final List<Duration> DELAYS = List.of(
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    /** How much later than by its delay an attempt is made at the most, so that not all come at once. */
    private static final double JITTER = 0.1;

    /** How long all attempts take, if none was late. */
    static final Duration SPAN = DELAYS.stream().reduce(Duration.ZERO, Duration::plus);

    /** However much later the receiver wants the next attempt. */
    private static final Duration MAX_WANTED = Duration.ofHours(24);

    private final DoubleSupplier random;

    /**
     * Builds a schedule.
     *
     * @param random draws from 0 up to, but not including, 1
     */
    RetrySchedule(DoubleSupplier random) {
        this.random = random;
    }

    /**
     * Returns how long to wait for the next attempt; nothing if there is none.
     *
     * @param failed how many attempts failed; at least 1
     * @param age how long ago the message was written down: one that had to wait behind others has no more time than those
     * @param wanted how long the receiver wants the server to wait, if it says so
     */
    Optional<Duration> next(int failed, Duration age, Optional<Duration> wanted) {
        if (failed >= DELAYS.size() || age.compareTo(SPAN) > 0) {
            return Optional.empty();
        }
        var delay = DELAYS.get(failed);
        var later = delay.plusMillis((long) (delay.toMillis() * JITTER * random.getAsDouble()));
        return Optional.of(wanted.map(RetrySchedule::bounded)
                .filter(least -> least.compareTo(later) > 0)
                .orElse(later));
    }

    private static Duration bounded(Duration wanted) {
        return wanted.compareTo(MAX_WANTED) > 0 ? MAX_WANTED : wanted;
    }
}
