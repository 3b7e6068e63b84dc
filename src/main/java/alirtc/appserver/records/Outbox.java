package alirtc.appserver.records;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The messages that are to be delivered to a receiver, written down before the first attempt. Of each call only the first
 * that is neither delivered nor given up comes out, so that a call's messages arrive in their order. Thread-safe; never
 * blocks its callers: a future fails if the store cannot be asked just now.
 */
public interface Outbox {
    /** For so long whoever takes a message has it: three times what an attempt lasts at the most. */
    Duration LEASE = Duration.ofSeconds(15);

    /**
     * A message to be delivered.
     *
     * @param id the same at each attempt; has no character but letters, digits, {@code _} and {@code -}
     * @param callId of which call
     * @param seq its number in the call
     * @param type what it tells, such as {@code call.ended}
     * @param body what is sent, JSON
     * @param createdAt when it was written down
     * @param attempts how many failed
     */
    record Message(String id, String callId, int seq, String type, String body, Instant createdAt, int attempts) {}

    /**
     * How many messages there are.
     *
     * @param waiting those that will be tried, or tried again
     * @param givenUp those that will not
     */
    record Counts(long waiting, long givenUp) {}

    /**
     * Takes out messages whose time has come. Whoever takes one has it for {@link #LEASE}; then it comes again, to whichever
     * server asks first.
     */
    CompletableFuture<List<Message>> takeDue(int max);

    /** Records that a message was taken by the receiver. */
    CompletableFuture<?> delivered(Message message);

    /** Records an attempt that failed, and when the next is due. */
    CompletableFuture<?> failed(Message message, Instant nextAttemptAt);

    /** Records that a message is not tried any more; it can be listed and sent again for as long as records are kept. */
    CompletableFuture<?> gaveUp(Message message);

    /** Returns messages that wait, the earliest first. */
    CompletableFuture<List<Message>> waiting(int max);

    /** Returns messages that were given up, the latest first. */
    CompletableFuture<List<Message>> givenUp(int max);

    /** Has a message that was given up tried again now; returns whether there was one of this id. */
    CompletableFuture<Boolean> resend(String id);

    /** Returns how many messages there are, or were a few seconds ago; costs nothing. */
    Counts counts();

    /** Runs a task soon whenever a message is written down here that could be sent at once. */
    void onArrival(Runnable task);
}
