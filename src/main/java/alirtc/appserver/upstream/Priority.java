package alirtc.appserver.upstream;

import java.time.Duration;

/** How soon a request is needed; what comes first here goes out first. */
public enum Priority {
    /** A call has reached its limit. */
    DEADLINE(0),
    /** A phone waits for the answer. */
    INTERACTIVE(0),
    /** An event told that nobody is left in a channel, which a lookup has to confirm. */
    CONFIRMATION(4),
    /** A token was issued, or a second observation has to confirm a first: a start or an end depends on it. */
    CHECK(8),
    /** Nothing depends on it but how soon a change is noticed. */
    POLL(16),
    /** People may have come back to a call that was ended. */
    KEEP_ENDED(64);

    /** The longest that a phone's request waits for its turn: longer, and its answer would come too late. */
    public static final Duration MAX_WAIT = Duration.ofMillis(1500);

    private final int share;

    Priority(int share) {
        this.share = share;
    }

    /** Returns of how many requests at least one is of this priority while any waits; 0 if none is kept for it. */
    int share() {
        return share;
    }
}
