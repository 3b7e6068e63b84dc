package alirtc.appserver.overview;

import alirtc.appserver.call.CallRecord;
import alirtc.appserver.records.RecordStore;
import alirtc.appserver.time.SteadyClock;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The calls that ended last, as they are on record. Thread-safe; never blocks. */
public final class EndedCalls {
    /** How many are shown. */
    static final int MAX = 20;

    private final Remembered<List<CallRecord>> newest;

    /** Builds the list of what a store keeps. */
    public EndedCalls(RecordStore records, SteadyClock clock) {
        this.newest =
                new Remembered<>(clock, List.of(), () -> records.newest(MAX).exceptionally(failure -> List.of()));
    }

    /** Returns the records, the latest end first; none while the store cannot be asked. */
    CompletableFuture<List<CallRecord>> list() {
        return newest.get();
    }
}
