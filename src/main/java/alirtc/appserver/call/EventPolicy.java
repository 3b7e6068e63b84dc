package alirtc.appserver.call;

/** What the events that the cloud tells of its own accord are good for just now. */
public enum EventPolicy {
    /** None are subscribed to. */
    OFF,
    /** They do not come as they should: what comes is used, but that none comes tells nothing. */
    SILENT,
    /** They come as they should. */
    HEARD
}
