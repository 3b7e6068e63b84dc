package alirtc.appserver.call;

import alirtc.appserver.rtc.ChannelUsers;
import alirtc.appserver.rtc.Urgency;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One question who is in a channel, under way for all who want to know. As a future it tells at its end whether it was
 * answered, and never fails itself: a cache takes note of failed futures in its own log. Thread-safe.
 */
final class Flight extends CompletableFuture<Boolean> {
    private final CompletableFuture<ChannelUsers> answer = new CompletableFuture<>();
    private Consumer<Urgency> hurry = urgency -> {};
    private @Nullable Urgency hurriedTo;
    private @Nullable Instant askedAt;
    private @Nullable Instant tokenAt;
    private boolean landed;

    /** Tells how to hurry the question while it waits for its turn. */
    synchronized void hurriedBy(Consumer<Urgency> how) {
        hurry = how;
        if (hurriedTo != null) {
            how.accept(hurriedTo);
        }
    }

    /** Asks for the answer sooner, for somebody to whom it is more urgent. */
    synchronized void hurry(Urgency urgency) {
        if (!landed && (hurriedTo == null || urgency.compareTo(hurriedTo) < 0)) {
            hurriedTo = urgency;
            hurry.accept(urgency);
        }
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

    /** Returns the answer, or an {@link alirtc.appserver.rtc.RtcException}. */
    CompletableFuture<ChannelUsers> answer() {
        return answer;
    }

    /** Returns what the answer shows; from now on it is no token's check any more. */
    synchronized Look land(ChannelUsers users, Instant now) {
        landed = true;
        return new Look(askedAt == null ? now : askedAt, users, Optional.ofNullable(tokenAt));
    }

    /** Ends the question without an answer; from now on it is no token's check any more. */
    synchronized void crash() {
        landed = true;
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
