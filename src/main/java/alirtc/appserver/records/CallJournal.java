package alirtc.appserver.records;

import alirtc.appserver.call.CallNotice;
import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.token.ChannelId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what happens to the calls of a registry that is in memory. Thread-safe; never blocks its callers and never
 * fails them: what cannot be written yet is kept and tried again, and the operator is told.
 */
public interface CallJournal {

    /**
     * Writes down what a change of a channel told, all of it or nothing. Those of one channel are to come in their order.
     *
     * @param open what is on record so far of the call that is in the channel now; none if there is none
     * @param notices what happened, in its order
     */
    void append(ChannelId channel, @Nullable OpenRecord open, List<CallNotice> notices);

    /** Returns the calls that were open when the server ended, as far as that was written down. */
    Map<ChannelId, OpenRecord> openAtStart();
}
