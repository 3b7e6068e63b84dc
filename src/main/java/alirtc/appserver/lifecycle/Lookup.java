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
    private final Priority first;
    private Priority priority;
    private @Nullable Function<Priority, Optional<RtcException>> raise;
    private volatile @Nullable Instant askedAt;

    /** Begins a lookup for somebody to whom it is so urgent. */
    Lookup(Priority priority) {
        this.first = priority;
        this.priority = priority;
    }

    /** Sets how to raise the priority of the request while it waits for its turn. */
    void raisedBy(Function<Priority, Optional<RtcException>> how) {
        Priority wanted;
        synchronized (this) {
            raise = how;
            wanted = priority;
        }
        if (wanted != first) {
            // Whoever raised it was told that it can be: it had just come.
            var unused = how.apply(wanted);
        }
    }

    /**
     * Asks for the answer sooner, for somebody to whom it is more urgent; costs nothing if it is that urgent already.
     *
     * @return why it cannot come in time, if so
     */
    Optional<RtcException> raise(Priority wanted) {
        Function<Priority, Optional<RtcException>> how;
        synchronized (this) {
            if (wanted.compareTo(priority) >= 0) {
                return Optional.empty();
            }
            if (raise == null) {
                priority = wanted;
                return Optional.empty();
            }
            how = raise;
        }
        // Not under the lock: it may send the request, which may fail at once.
        var late = how.apply(wanted);
        if (late.isEmpty()) {
            raised(wanted);
        }
        return late;
    }

    private synchronized void raised(Priority to) {
        if (to.compareTo(priority) < 0) {
            priority = to;
        }
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
