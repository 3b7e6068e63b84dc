package alirtc.appserver.lifecycle;

import java.time.Duration;

/**
 * What came of asking to be let into a channel.
 *
 * @param verdict whether a token may be handed out
 * @param retryAfter the soonest that asking again can help; zero if granted
 */
public record TokenDecision(Verdict verdict, Duration retryAfter) {

    /** Whether a token may be handed out. */
    public enum Verdict {
        /** It may; where users are limited, a seat is kept for its user. */
        GRANTED,
        /** It may not: every seat in the channel is taken. */
        CHANNEL_FULL,
        /** It may not: the registry is full, so that a seat could not be kept. */
        REGISTRY_FULL,
        /** It may not: the registry cannot be asked, so that nobody knows whether a seat is free. */
        REGISTRY_AWAY
    }

    static final TokenDecision GRANTED = new TokenDecision(Verdict.GRANTED, Duration.ZERO);

    /** Calls come and go: a full registry may have room at any time. */
    static final TokenDecision REGISTRY_FULL = new TokenDecision(Verdict.REGISTRY_FULL, Duration.ofSeconds(5));

    /** The registry is tried again each second. */
    static final TokenDecision REGISTRY_AWAY = new TokenDecision(Verdict.REGISTRY_AWAY, Duration.ofSeconds(2));

    static TokenDecision channelFull(Duration retryAfter) {
        return new TokenDecision(Verdict.CHANNEL_FULL, retryAfter);
    }
}
