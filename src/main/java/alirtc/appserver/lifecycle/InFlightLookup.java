package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Observation;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.upstream.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One lookup of a channel, in flight for all who want to know. As a future it tells at its end whether it was answered,
 * and never fails itself: a cache reports failed futures in its own log. Thread-safe.
 */
final class InFlightLookup extends CompletableFuture<Boolean> {
    private final CompletableFuture<ChannelUsers> answer = new CompletableFuture<>();
    private Consumer<Priority> raise = priority -> {};
    private @Nullable Priority raisedTo;
    private @Nullable Instant askedAt;
    private @Nullable Instant tokenAt;
    private @Nullable Instant answeredAt;
    private @Nullable Instant lastAnsweredAt;
    private boolean over;

    /** Sets how to raise the priority of the request while it waits for its turn. */
    void raisedBy(Consumer<Priority> how) {
        Priority already;
        synchronized (this) {
            raise = how;
            already = raisedTo;
        }
        if (already != null) {
            how.accept(already);
        }
    }

    /** Asks for the answer sooner, for somebody to whom it is more urgent. */
    void raisePriority(Priority priority) {
        Consumer<Priority> how;
        synchronized (this) {
            if (over || (raisedTo != null && priority.compareTo(raisedTo) >= 0)) {
                return;
            }
            raisedTo = priority;
            how = raise;
        }
        // Not under the lock: it may send the request, which may fail at once, and that ends this.
        how.accept(priority);
    }

    /** Records that the request goes out now. */
    synchronized void sent(Instant at) {
        askedAt = at;
    }

    /** Makes this the check of a token too, unless its answer has come already. */
    synchronized boolean checks(Instant token) {
        if (!over && (tokenAt == null || token.isAfter(tokenAt))) {
            tokenAt = token;
        }
        return !over;
    }

    /** Returns the answer, or an {@link alirtc.appserver.openapi.RtcException}. */
    CompletableFuture<ChannelUsers> answer() {
        return answer;
    }

    /** Returns what the answer shows; from now on it is no token's check any more. */
    synchronized Observation succeed(ChannelUsers users, Instant now) {
        over = true;
        answeredAt = now;
        return new Observation(askedAt == null ? now : askedAt, users, Optional.ofNullable(tokenAt));
    }

    /** Ends the lookup without an answer; from now on it is no token's check any more. */
    synchronized void fail() {
        over = true;
    }

    /** Records the last lookup of the same channel, if it was answered. */
    void follows(@Nullable CompletableFuture<Boolean> last) {
        if (last instanceof InFlightLookup earlier) {
            lastAnsweredAt = earlier.answeredAt();
        }
    }

    private synchronized @Nullable Instant answeredAt() {
        return answeredAt;
    }

    /** Returns how long it is until that time has passed since the last answer; zero if it has, or there was none. */
    Duration rest(Duration time, Instant now) {
        if (lastAnsweredAt == null) {
            return Duration.ZERO;
        }
        var wait = Duration.between(now, lastAnsweredAt.plus(time));
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** Hands the answer, or the failure, to those who wait. */
    void end(@Nullable ChannelUsers users, @Nullable Throwable failure) {
        complete(users != null);
        if (users != null) {
            answer.complete(users);
        } else {
            answer.completeExceptionally(failure == null ? new IllegalStateException("No answer") : failure);
        }
    }
}
