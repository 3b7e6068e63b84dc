package alirtc.appserver.registry;

import alirtc.appserver.call.CallNotice;
import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.records.CallJournal;
import alirtc.appserver.registry.ToldCalls.Told;
import alirtc.appserver.token.ChannelId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A journal that outlives the servers of a test. */
final class KeptJournal implements CallJournal {
    private final Map<ChannelId, OpenRecord> open = new HashMap<>();
    private final List<CallNotice> notices = new ArrayList<>();
    private int appended;

    @Override
    public synchronized void append(ChannelId channel, @Nullable OpenRecord record, List<CallNotice> happened) {
        if (record == null) {
            open.remove(channel);
        } else {
            open.put(channel, record);
        }
        notices.addAll(happened);
        appended++;
    }

    @Override
    public synchronized Map<ChannelId, OpenRecord> openAtStart() {
        return Map.copyOf(open);
    }

    synchronized List<CallNotice> notices() {
        return List.copyOf(notices);
    }

    /** Returns how often anything was written down. */
    synchronized int appended() {
        return appended;
    }

    ToldCalls told() {
        return new ToldCalls(notices().stream()
                .map(notice -> new Told(
                        notice.callId(), notice.seq(), notice.type().word(), Optional.ofNullable(notice.record())))
                .toList());
    }
}
