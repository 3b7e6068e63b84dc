package alirtc.appserver.auth;

import java.time.Duration;

/** A caller is not let in; the message is for the caller, and tells nothing of what was sent. */
public final class AccessException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Kind {
        /** Nothing was sent to prove who calls. */
        NO_CREDENTIALS,
        /** More than one thing was sent to prove who calls. */
        SEVERAL_CREDENTIALS,
        /** What was sent proves nothing. */
        INVALID_CREDENTIALS,
        /** The caller is known, and may not do this. */
        FORBIDDEN,
        /** The caller asks too often. */
        RATE_LIMITED,
        /** Nobody's proof can be checked just now. */
        KEYS_UNAVAILABLE
    }

    private final Kind kind;
    private final Duration retryAfter;

    AccessException(Kind kind, String message) {
        this(kind, message, Duration.ZERO);
    }

    AccessException(Kind kind, String message, Duration retryAfter) {
        // Whoever is refused must not cost a stack trace each time.
        super(message, null, false, false);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** Returns why. */
    public Kind kind() {
        return kind;
    }

    /** Returns after how long to try again; zero if the kind of rejection does not pass by itself. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
