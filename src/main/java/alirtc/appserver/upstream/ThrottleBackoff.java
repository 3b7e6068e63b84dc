package alirtc.appserver.upstream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Growing pauses in the requests for an action that the cloud throttles. Thread-safe. */
final class ThrottleBackoff {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(8);
    private static final Logger LOG = LoggerFactory.getLogger(ThrottleBackoff.class);

    private final Action action;
    private final InstantSource clock;
    private Duration pause = Duration.ZERO;
    private Instant pausedUntil = Instant.MIN;

    /**
     * Starts with an action that is not throttled.
     *
     * @param clock a clock that never steps
     */
    ThrottleBackoff(Action action, InstantSource clock) {
        this.action = action;
        this.clock = clock;
    }

    /** Returns for how long no request may go out; zero if one may. */
    synchronized Duration remaining() {
        var now = clock.instant();
        return now.isBefore(pausedUntil) ? Duration.between(now, pausedUntil) : Duration.ZERO;
    }

    /** Records an answer that was not throttled. */
    synchronized void recordSuccess() {
        pause = pause.dividedBy(2);
    }

    /** Records an answer that was throttled. */
    synchronized void recordThrottling() {
        var now = clock.instant();
        if (now.isBefore(pausedUntil)) {
            // Requests that were in flight together are throttled together, and count once.
            return;
        }
        var doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(FIRST_PAUSE) < 0 ? FIRST_PAUSE : doubled;
        pause = pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause;
        pausedUntil = now.plus(pause);
        LOG.warn("The cloud throttles {}; none is sent for {} ms", action.label(), pause.toMillis());
    }
}
