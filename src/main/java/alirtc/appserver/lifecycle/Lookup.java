package alirtc.appserver.lifecycle;

import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.upstream.Priority;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One lookup of a channel, for all who want to know. Thread-safe. */
final class Lookup {
    private final CompletableFuture<ChannelUsers> answer = new CompletableFuture<>();
    private @Nullable Function<Priority, Optional<RtcException>> raise;
    private @Nullable Priority raisedTo;
    private volatile @Nullable Instant askedAt;

    /** Sets how to raise the priority of the request while it waits for its turn. */
    void raisedBy(Function<Priority, Optional<RtcException>> how) {
        Priority already;
        synchronized (this) {
            raise = how;
            already = raisedTo;
        }
        if (already != null) {
            // Whoever raised it was told that it can be: it had just come.
            var unused = how.apply(already);
        }
    }

    /**
     * Asks for the answer sooner, for somebody to whom it is more urgent.
     *
     * @return why it cannot come in time, if so
     */
    Optional<RtcException> raise(Priority priority) {
        Function<Priority, Optional<RtcException>> how;
        synchronized (this) {
            if (raisedTo == null || priority.compareTo(raisedTo) < 0) {
                raisedTo = priority;
            }
            if (raise == null) {
                return Optional.empty();
            }
            how = raise;
        }
        // Not under the lock: it may send the request, which may fail at once.
        return how.apply(priority);
    }

    /** Records that the request goes out now. */
    void sent(Instant at) {
        askedAt = at;
    }

    /** Returns when the request went out, if it did. */
    Optional<Instant> askedAt() {
        return Optional.ofNullable(askedAt);
    }

    /** Returns the answer, or an {@link RtcException}; done when the registry has learned from it. */
    CompletableFuture<ChannelUsers> answer() {
        return answer;
    }
}
