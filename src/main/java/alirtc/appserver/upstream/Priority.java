package alirtc.appserver.upstream;

import java.time.Duration;

/** How soon an upstream call is needed; what is more urgent goes first. */
public enum Priority {
    /** A phone waits for the answer, or a call has to end. */
    INTERACTIVE(Duration.ofMillis(1500)),
    /** A token was issued: is anybody in its channel? */
    CHECK(Duration.ofSeconds(5)),
    /** Nobody waits. */
    BACKGROUND(Duration.ofSeconds(1));

    private final Duration maxWait;

    Priority(Duration maxWait) {
        this.maxWait = maxWait;
    }

    /** Returns how long such a call may wait for its turn. */
    Duration maxWait() {
        return maxWait;
    }
}
