package alirtc.appserver.upstream;

import java.util.Locale;

/**
 * What the cloud is asked for. The account's limit is each action's own, so that the budget is, too.
 *
 * @see <a href="https://help.aliyun.com/document_detail/154867.htm">the vendor's reference with the limits</a>
 */
public enum Action {
    /** Who is in a channel. */
    CHANNEL_USERS,
    /** Since when a user is in a channel. */
    JOIN_TIME,
    /** The end of a channel. */
    DELETE_CHANNEL,
    /** That a user has to leave a channel. */
    REMOVE_USER,
    /** Where the cloud is to tell of events. */
    SUBSCRIPTION,
    /** Which events the cloud told of. */
    EVENT_LOG,
    /** Which channels are live. */
    LIVE_CHANNELS;

    /** Returns its name as a metric's label. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
