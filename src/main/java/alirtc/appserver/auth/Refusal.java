package alirtc.appserver.auth;

import java.time.Duration;

/** A caller is not let in; the message is for the caller, and tells nothing of what was sent. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Kind {
        /** Nothing was sent to prove who calls. */
        NO_PROOF,
        /** More than one thing was sent to prove who calls. */
        TOO_MANY_PROOFS,
        /** What was sent proves nothing. */
        BAD_PROOF,
        /** The caller is known, and may not do this. */
        NOT_ALLOWED,
        /** The caller asks too often. */
        TOO_OFTEN,
        /** Nobody's proof can be checked just now. */
        CANNOT_CHECK
    }

    private final Kind kind;
    private final Duration retryAfter;

    Refusal(Kind kind, String message) {
        this(kind, message, Duration.ZERO);
    }

    Refusal(Kind kind, String message, Duration retryAfter) {
        // Whoever is refused must not cost a stack trace each time.
        super(message, null, false, false);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** Returns why. */
    public Kind kind() {
        return kind;
    }

    /** Returns after how long to try again; zero if the kind of refusal does not pass by itself. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
