package alirtc.appserver.openapi;

import java.time.Duration;

/**
 * The OpenAPI did not do what it was asked. Its message is ours, made of the upstream's error code and request id alone:
 * the SDK's own texts can hold signed addresses and are neither kept nor chained.
 */
public final class RtcException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as callers act on it. */
    public enum Kind {
        /** The upstream wants fewer requests. */
        THROTTLED,
        /** The upstream is down, cannot be reached, or failed. */
        UNAVAILABLE,
        /** The upstream's answer makes no sense. */
        MALFORMED,
        /** The upstream did not answer in time. */
        TIMEOUT,
        /** The upstream refused our credentials, or a request of ours. */
        REFUSED,
        /** The upstream knows no such application of ours. */
        APP_NOT_FOUND,
        /** The upstream knows no such channel. */
        CHANNEL_NOT_FOUND,
        /** The upstream was not asked, to keep within its limits, or since there was no turn for it in time. */
        REJECTED,
        /** The upstream was not asked, since it keeps failing. */
        SPARED;

        /** Returns whether the upstream was asked at all. */
        public boolean wasSent() {
            return this != REJECTED && this != SPARED;
        }
    }

    private final Kind kind;
    private final Duration retryAfter;

    /** Builds an exception after which a second is a good time to try again; the text must hold nothing secret. */
    public RtcException(Kind kind, String message) {
        this(kind, message, Duration.ofSeconds(1));
    }

    /** Builds an exception; the text must hold nothing secret. */
    public RtcException(Kind kind, String message, Duration retryAfter) {
        // No stack trace: these are told apart by kind, are never a defect, and come in thousands when the cloud is
        // away.
        super(message, null, false, false);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** Returns after which time asking again has a chance. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** Returns what went wrong. */
    public Kind kind() {
        return kind;
    }
}
