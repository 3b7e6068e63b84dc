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
 * One question who is in a channel, under way for all who want to know. As a future it tells at its end whether it was
 * answered, and never fails itself: a cache takes note of failed futures in its own log. Thread-safe.
 */
final class InFlightLookup extends CompletableFuture<Boolean> {
    private final CompletableFuture<ChannelUsers> answer = new CompletableFuture<>();
    private Consumer<Priority> hurry = priority -> {};
    private @Nullable Priority hurriedTo;
    private @Nullable Instant askedAt;
    private @Nullable Instant tokenAt;
    private @Nullable Instant landedAt;
    private @Nullable Instant lastLandedAt;
    private boolean landed;

    /** Tells how to hurry the question while it waits for its turn. */
    void hurriedBy(Consumer<Priority> how) {
        Priority already;
        synchronized (this) {
            hurry = how;
            already = hurriedTo;
        }
        if (already != null) {
            how.accept(already);
        }
    }

    /** Asks for the answer sooner, for somebody to whom it is more urgent. */
    void hurry(Priority priority) {
        Consumer<Priority> how;
        synchronized (this) {
            if (landed || (hurriedTo != null && priority.compareTo(hurriedTo) >= 0)) {
                return;
            }
            hurriedTo = priority;
            how = hurry;
        }
        // Not under the lock: it may send the question, which may fail at once, and that ends this.
        how.accept(priority);
    }

    /** Takes note that the question goes out now. */
    synchronized void sent(Instant at) {
        askedAt = at;
    }

    /** Makes this the check of a token too, unless its answer has come already. */
    synchronized boolean checks(Instant token) {
        if (!landed && (tokenAt == null || token.isAfter(tokenAt))) {
            tokenAt = token;
        }
        return !landed;
    }

    /** Returns the answer, or an {@link alirtc.appserver.openapi.RtcException}. */
    CompletableFuture<ChannelUsers> answer() {
        return answer;
    }

    /** Returns what the answer shows; from now on it is no token's check any more. */
    synchronized Observation land(ChannelUsers users, Instant now) {
        landed = true;
        landedAt = now;
        return new Observation(askedAt == null ? now : askedAt, users, Optional.ofNullable(tokenAt));
    }

    /** Ends the question without an answer; from now on it is no token's check any more. */
    synchronized void crash() {
        landed = true;
    }

    /** Takes note of the last question about the same channel, if it was answered. */
    void follows(@Nullable CompletableFuture<Boolean> last) {
        if (last instanceof InFlightLookup earlier) {
            lastLandedAt = earlier.landedAt();
        }
    }

    private synchronized @Nullable Instant landedAt() {
        return landedAt;
    }

    /** Returns how long it is until that time has passed since the last answer; zero if it has, or there was none. */
    Duration rest(Duration time, Instant now) {
        if (lastLandedAt == null) {
            return Duration.ZERO;
        }
        var wait = Duration.between(now, lastLandedAt.plus(time));
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
