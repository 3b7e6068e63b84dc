package alirtc.appserver.records;

import alirtc.appserver.call.CallRecord;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where the records of calls that are over are kept, for as long as the operator wants. Thread-safe; never blocks its
 * callers: a future fails if the store cannot be asked just now.
 */
public interface RecordStore extends AutoCloseable {

    /**
     * Returns the latest record of each call that ended in a span, the earliest first.
     *
     * @param from the first moment
     * @param until the first moment that is too late
     * @param max how many at most
     */
    CompletableFuture<List<CallRecord>> endedBetween(Instant from, Instant until, int max);

    /** Returns the records of the calls that ended last, the latest first. */
    CompletableFuture<List<CallRecord>> newest(int max);

    /** Returns whether what happens now is written down, as far as is known; costs nothing. */
    boolean isWritable();

    @Override
    void close();
}
