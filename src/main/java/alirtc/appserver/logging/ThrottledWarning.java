package alirtc.appserver.logging;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;

/** A warning that is logged once a minute at most, however often there is cause for it. Thread-safe. */
public final class ThrottledWarning {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Logger log;
    private final InstantSource clock;
    private final AtomicReference<Instant> lastAt = new AtomicReference<>(Instant.MIN);

    /**
     * Builds a warning that was never given.
     *
     * @param clock a clock that never steps
     */
    public ThrottledWarning(Logger log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /** Logs the warning, unless it was logged less than a minute ago. */
    public void warn(String format, Object argument) {
        var now = clock.instant();
        var last = lastAt.get();
        if (now.minus(INTERVAL).isAfter(last) && lastAt.compareAndSet(last, now)) {
            log.warn(format, argument);
        }
    }
}
