package alirtc.appserver.auth;

import java.time.Duration;

/** A request is rejected. The message is meant for the caller and repeats nothing of what the caller sent. */
public final class AccessException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The reason for a rejection. */
    public enum Kind {
        /** The request has no credentials. */
        NO_CREDENTIALS,
        /** The request has more than one set of credentials. */
        SEVERAL_CREDENTIALS,
        /** The credentials are not accepted. */
        INVALID_CREDENTIALS,
        /** The caller is known, but may not do this. */
        FORBIDDEN,
        /** The caller sends too many requests. */
        RATE_LIMITED,
        /** No credentials can be verified at present. */
        KEYS_UNAVAILABLE
    }

    private final Kind kind;
    private final Duration retryAfter;

    AccessException(Kind kind, String message) {
        this(kind, message, Duration.ZERO);
    }

    AccessException(Kind kind, String message, Duration retryAfter) {
        // Rejections are frequent under attack, so that they go without a stack trace.
        super(message, null, false, false);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** Returns the reason. */
    public Kind kind() {
        return kind;
    }

    /** Returns the time to wait before the next attempt; zero if waiting does not help. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
