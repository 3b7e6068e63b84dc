package alirtc.appserver.lifecycle;

import java.time.Duration;

/**
 * Whether a token may be handed out.
 *
 * @param verdict whether it may
 * @param retryAfter the soonest that asking again can help; zero if granted, or if that is not to be told
 */
public record TokenDecision(Verdict verdict, Duration retryAfter) {

    /** Whether a token may be handed out. */
    public enum Verdict {
        /** It may; where users are limited, a seat is kept for its user. */
        GRANTED,
        /** It may not: every seat in the channel is taken. */
        CHANNEL_FULL,
        /** It may not: the operator has barred the user, or everybody, from the channel for a time. */
        BARRED,
        /** It may not: the registry is full, so that a seat could not be kept. */
        REGISTRY_FULL
    }

    static final TokenDecision GRANTED = new TokenDecision(Verdict.GRANTED, Duration.ZERO);

    static final TokenDecision BARRED = new TokenDecision(Verdict.BARRED, Duration.ZERO);

    /** Calls come and go: a full registry may have room at any time. */
    static final TokenDecision REGISTRY_FULL = new TokenDecision(Verdict.REGISTRY_FULL, Duration.ofSeconds(5));

    static TokenDecision channelFull(Duration retryAfter) {
        return new TokenDecision(Verdict.CHANNEL_FULL, retryAfter);
    }
}
