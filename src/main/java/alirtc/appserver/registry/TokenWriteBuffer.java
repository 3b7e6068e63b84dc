package alirtc.appserver.registry;

import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Evidence;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.logging.ThrottledWarning;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Tokens that are still to be written to a store for which callers would have to wait. However many are issued for a
 * channel, it is written some twenty times a second; tokens in between are merged, and the latest few of them matter. A
 * token that cannot be written is valid all the same, and written later: a call that begins with it while the store is
 * away must not be taken for the one before, which ends sooner. Thread-safe; never blocks.
 */
final class TokenWriteBuffer {
    /** So many channels may have tokens to be written. */
    private static final int MAX_CHANNELS = 10_000;

    private static final Duration PAUSE = Duration.ofMillis(50);

    /** How soon tokens are written again that could not be. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    /** For so long that is tried. */
    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

    private final BiFunction<ChannelId, List<Ticket>, CompletableFuture<Optional<ChannelState>>> writer;
    private final InstantSource clock;
    private final Timers timers;

    /** Each channel that is being written or pauses. */
    private final ConcurrentHashMap<ChannelId, Batch> waiting = new ConcurrentHashMap<>();

    private final AtomicLong dropped = new AtomicLong();
    private final ThrottledWarning warning;

    /**
     * Tokens that are to be written together.
     *
     * @param before the batch that is being written, which this one follows; none if it follows a pause
     * @param tickets the tokens, the earliest first
     * @param written what writing them results in
     */
    private record Batch(
            @Nullable Batch before, List<Ticket> tickets, CompletableFuture<Optional<ChannelState>> written) {
        static Batch after(@Nullable Batch before) {
            return new Batch(before == null ? null : before.alone(), List.of(), new CompletableFuture<>());
        }

        /** Returns the batch when the one before it is written. */
        Batch alone() {
            return new Batch(null, tickets, written);
        }

        /** Returns all tokens that may not be written yet. */
        List<Ticket> unwritten() {
            return before == null
                    ? tickets
                    : Stream.concat(before.tickets.stream(), tickets.stream()).toList();
        }

        /** Returns what is done when all of them are written, or could not be. */
        CompletableFuture<?> last() {
            return before != null && tickets.isEmpty() ? before.written : written;
        }

        /** Returns the batch with others as the first of its own, which could not be written before it. */
        Batch with(List<Ticket> earlier) {
            var all = new Batch(null, earlier, written);
            for (var ticket : tickets) {
                all = all.with(ticket);
            }
            return all;
        }

        Batch with(Ticket ticket) {
            var all = new ArrayList<>(tickets);
            if (all.size() >= Evidence.MAX_TICKETS) {
                all.remove(leastWanted());
            }
            all.add(ticket);
            return new Batch(before, all, written);
        }

        /** Returns which token can be spared: the earliest that limits no call, or else the earliest. */
        private int leastWanted() {
            for (int i = 0; i < tickets.size(); i++) {
                if (tickets.get(i).limit() == null) {
                    return i;
                }
            }
            return 0;
        }
    }

    /**
     * Builds an empty buffer.
     *
     * @param writer writes tokens of a channel, the earliest first
     * @param clock a clock that never steps
     */
    TokenWriteBuffer(
            BiFunction<ChannelId, List<Ticket>, CompletableFuture<Optional<ChannelState>>> writer,
            InstantSource clock,
            Timers timers) {
        this.writer = writer;
        this.clock = clock;
        this.timers = timers;
        this.warning = new ThrottledWarning(LoggerFactory.getLogger(TokenWriteBuffer.class), clock);
    }

    /**
     * Has a token written as soon as may be.
     *
     * @return the state of its channel then; nothing if there is no room for it; a {@link RegistryException} if it is not
     *     written yet, or dropped
     */
    CompletableFuture<Optional<ChannelState>> add(ChannelId channel, Ticket ticket) {
        while (true) {
            var merged = waiting.computeIfPresent(channel, (key, batch) -> batch.with(ticket));
            if (merged != null) {
                return merged.written;
            }
            if (waiting.size() >= MAX_CHANNELS) {
                drop(1);
                return CompletableFuture.failedFuture(new RegistryException("too many tokens wait to be written"));
            }
            var first = Batch.after(null).with(ticket);
            if (waiting.putIfAbsent(channel, Batch.after(first)) == null) {
                write(channel, first);
                return first.written;
            }
        }
    }

    /** Returns the tokens of a channel that may not have been written yet, the earliest first. */
    List<Ticket> unwritten(ChannelId channel) {
        var batch = waiting.get(channel);
        return batch == null ? List.of() : batch.unwritten();
    }

    /** Returns what is done once the tokens of a channel are written that came by now; it fails if they cannot be for once. */
    CompletableFuture<?> written(ChannelId channel) {
        var batch = waiting.get(channel);
        return batch == null || batch.unwritten().isEmpty() ? NOW : batch.last();
    }

    private void write(ChannelId channel, Batch batch) {
        // The stage hands the result on; it has none of its own.
        var unused = NOW.thenCompose(now -> writer.apply(channel, batch.tickets))
                .whenComplete((state, failure) -> {
                    if (failure == null) {
                        writeMore(channel, PAUSE);
                        batch.written.complete(state);
                    } else {
                        writeAgain(channel, batch.tickets);
                        batch.written.completeExceptionally(failure);
                    }
                });
    }

    /** Writes, after a delay, tokens that could not be written, and what came meanwhile. */
    private void writeAgain(ChannelId channel, List<Ticket> failed) {
        var tooOld = clock.instant().minus(MAX_AGE);
        var left = failed.stream()
                .filter(ticket -> ticket.issuedAt().isAfter(tooOld))
                .toList();
        if (left.size() < failed.size()) {
            drop(failed.size() - left.size());
        }
        waiting.computeIfPresent(channel, (key, batch) -> batch.with(left));
        writeMore(channel, RETRY_DELAY);
    }

    /** Writes, after a pause, what came meanwhile, if anything did. */
    private void writeMore(ChannelId channel, Duration pause) {
        var left = waiting.computeIfPresent(channel, (key, batch) -> batch.tickets.isEmpty() ? null : batch.alone());
        if (left != null) {
            timers.after(pause, () -> {
                var next = waiting.computeIfPresent(channel, (key, batch) -> Batch.after(batch));
                if (next != null && next.before != null) {
                    write(channel, next.before);
                }
            });
        }
    }

    private void drop(int tokens) {
        warning.warn(
                "The registry did not record tokens, {} since the start; they are valid all the same",
                dropped.addAndGet(tokens));
    }
}
