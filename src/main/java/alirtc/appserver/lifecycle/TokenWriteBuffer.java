package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call;
import alirtc.appserver.call.Call.Ticket;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens that the registry has yet to take note of. However many are issued for a channel, a note is written some twenty
 * times a second; those in between are merged, of which the latest few matter. A note that cannot be written is dropped:
 * tokens go on. Thread-safe; never blocks.
 */
final class TokenWriteBuffer {
    /** So many channels may have tokens to be noted. */
    private static final int MAX_CHANNELS = 10_000;

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(TokenWriteBuffer.class);

    private final CallRegistry calls;
    private final StartTimes startTimes;
    private final InstantSource clock;
    private final Executor threads;
    private final ScheduledExecutorService scheduler;

    /** For each channel that is being written or pauses: the tokens that came since. */
    private final ConcurrentHashMap<ChannelId, List<Ticket>> waiting = new ConcurrentHashMap<>();

    private final AtomicLong dropped = new AtomicLong();
    private final AtomicReference<Instant> warnedAt = new AtomicReference<>(Instant.MIN);

    /**
     * Builds the notes.
     *
     * @param clock the registry's clock
     * @param threads runs what asks the registry; not closed here
     * @param scheduler ends pauses; not closed here
     */
    TokenWriteBuffer(
            CallRegistry calls,
            StartTimes startTimes,
            InstantSource clock,
            Executor threads,
            ScheduledExecutorService scheduler) {
        this.calls = calls;
        this.startTimes = startTimes;
        this.clock = clock;
        this.threads = threads;
        this.scheduler = scheduler;
    }

    /** Has a token noted as soon as may be. */
    void add(ChannelId channel, UserId user, Instant at) {
        var ticket = new Ticket(user.value(), at);
        while (waiting.computeIfPresent(channel, (key, others) -> with(others, ticket)) == null) {
            if (waiting.size() >= MAX_CHANNELS) {
                drop(1);
                return;
            }
            if (waiting.putIfAbsent(channel, List.of()) == null) {
                write(channel, List.of(ticket));
                return;
            }
        }
    }

    private static List<Ticket> with(List<Ticket> others, Ticket ticket) {
        int tooMany = Math.max(0, others.size() + 1 - Call.MAX_TICKETS);
        var all = new ArrayList<>(others.subList(tooMany, others.size()));
        all.add(ticket);
        return all;
    }

    private void write(ChannelId channel, List<Ticket> tickets) {
        try {
            threads.execute(() -> {
                try {
                    note(channel, tickets);
                } finally {
                    writeMore(channel);
                }
            });
        } catch (RejectedExecutionException e) {
            drop(tickets.size());
            waiting.remove(channel);
        }
    }

    private void note(ChannelId channel, List<Ticket> tickets) {
        try {
            if (calls.tokenIssued(channel, tickets).isPresent()) {
                startTimes.check(channel, tickets.get(tickets.size() - 1).issuedAt());
            }
        } catch (RegistryException e) {
            drop(tickets.size());
        }
    }

    /** Writes, after a pause, what came meanwhile, if anything did. */
    private void writeMore(ChannelId channel) {
        if (waiting.computeIfPresent(channel, (key, tickets) -> tickets.isEmpty() ? null : tickets) != null) {
            var unused = scheduler.schedule(
                    () -> {
                        var tickets = waiting.replace(channel, List.of());
                        if (tickets != null) {
                            write(channel, tickets);
                        }
                    },
                    PAUSE.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private void drop(int tokens) {
        long all = dropped.addAndGet(tokens);
        var now = clock.instant();
        var last = warnedAt.get();
        if (now.minus(WARNING_INTERVAL).isAfter(last) && warnedAt.compareAndSet(last, now)) {
            LOG.warn("The registry did not take note of tokens, {} since the start; they are good all the same", all);
        }
    }
}
