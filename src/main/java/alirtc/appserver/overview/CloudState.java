package alirtc.appserver.overview;

/** How the cloud was in a time, the worst of it last. */
public enum CloudState {
    /** It was never asked. */
    UNASKED,
    /** It answered. */
    WELL,
    /** The last request to it had no good answer. */
    FAILING,
    /** It wanted fewer requests. */
    THROTTLED,
    /** It kept failing, and the circuit breaker kept requests from it. */
    SPARED
}
