package alirtc.appserver.call;

/** Why a call is over. */
public enum EndReason {
    /** Everybody left, or others began a call in its channel. */
    LEFT,
    /** It reached its time limit. */
    LIMIT,
    /** One person was left alone in it for too long. */
    ALONE,
    /** The operator ended it. */
    ENDED,
    /** It was not seen any more after a restart of the server. */
    LOST
}
