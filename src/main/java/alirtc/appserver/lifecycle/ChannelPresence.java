package alirtc.appserver.lifecycle;

import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.metrics.Metrics.Source;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in a channel: any number who want to know at the same time make one question upstream, and the registry learns
 * from every answer before they do. Thread-safe; never blocks.
 */
public final class ChannelPresence {
    private static final int MAX_ANSWERS = 10_000;

    /** The longest that the check of a token is put off for an answer that has just come. */
    private static final Duration MAX_REST = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ChannelPresence.class);

    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final CallRegistry calls;
    private final InstantSource clock;
    private final Metrics metrics;
    private final Executor registryThreads;
    private final ScheduledExecutorService scheduler;
    private final Duration rest;
    private final AsyncCache<ChannelId, Boolean> flights;

    /**
     * Builds the only way to ask.
     *
     * @param cacheTtl how long an answer serves
     * @param clock a clock that never steps
     * @param metrics count where answers are found
     * @param registryThreads runs what asks the registry, which may block
     * @param scheduler says when to ask; not closed here
     */
    public ChannelPresence(
            RtcClient rtc,
            UpstreamDispatcher upstream,
            CallRegistry calls,
            Duration cacheTtl,
            InstantSource clock,
            Metrics metrics,
            Executor registryThreads,
            ScheduledExecutorService scheduler) {
        this.rtc = rtc;
        this.upstream = upstream;
        this.calls = calls;
        this.clock = clock;
        this.metrics = metrics;
        this.registryThreads = registryThreads;
        this.scheduler = scheduler;
        this.rest = cacheTtl.compareTo(MAX_REST) < 0 ? cacheTtl : MAX_REST;
        this.flights = Caffeine.newBuilder()
                .expireAfterWrite(cacheTtl)
                .maximumSize(MAX_ANSWERS)
                .executor(Runnable::run)
                .ticker(() -> Duration.between(Instant.EPOCH, clock.instant()).toNanos())
                .buildAsync();
    }

    /**
     * Returns who is in a channel, now or a moment ago, for a phone that waits; fails with an
     * {@link alirtc.appserver.openapi.RtcException}.
     */
    public CompletableFuture<ChannelUsers> users(ChannelId channel) {
        var fresh = new InFlightLookup();
        var flight = flights.get(channel, (key, executor) -> fresh);
        metrics.usersRequested(flight == fresh ? Source.UPSTREAM : flight.isDone() ? Source.CACHE : Source.JOINED);
        return answer(channel, flight, fresh, Priority.INTERACTIVE);
    }

    /**
     * Returns who is in a channel, by an answer that is still to come, not one from the cache.
     *
     * @param tokenAt the token to be checked by it, if it is for one
     */
    CompletableFuture<ChannelUsers> look(ChannelId channel, Priority priority, Optional<Instant> tokenAt) {
        var fresh = new InFlightLookup();
        tokenAt.ifPresent(fresh::checks);
        var flight = flights.asMap().compute(channel, (key, last) -> {
            if (isJoinable(last, tokenAt)) {
                return last;
            }
            fresh.follows(last);
            return fresh;
        });
        return answer(channel, flight, fresh, priority);
    }

    /** Returns whether a question about a channel is under way. */
    boolean isAsking(ChannelId channel) {
        return underWay(channel).isPresent();
    }

    /** Returns the answer to the question about a channel that is under way, if one is, for a phone that waits. */
    Optional<CompletableFuture<ChannelUsers>> hurried(ChannelId channel) {
        var flight = underWay(channel);
        flight.ifPresent(asked -> asked.hurry(Priority.INTERACTIVE));
        return flight.map(InFlightLookup::answer);
    }

    private Optional<InFlightLookup> underWay(ChannelId channel) {
        return flights.getIfPresent(channel) instanceof InFlightLookup flight && !flight.isDone()
                ? Optional.of(flight)
                : Optional.empty();
    }

    /** Makes the question about a channel that is under way, if one is, the check of a token too. */
    boolean joins(ChannelId channel, Instant tokenAt) {
        return isJoinable(flights.getIfPresent(channel), Optional.of(tokenAt));
    }

    private static boolean isJoinable(@Nullable CompletableFuture<Boolean> last, Optional<Instant> tokenAt) {
        return last instanceof InFlightLookup flight
                && !flight.isDone()
                && tokenAt.map(flight::checks).orElse(true);
    }

    /** Returns the answer of the flight that the cache holds now, and sends it if it is the fresh one. */
    private CompletableFuture<ChannelUsers> answer(
            ChannelId channel, @Nullable CompletableFuture<Boolean> held, InFlightLookup fresh, Priority priority) {
        if (!(held instanceof InFlightLookup flight)) {
            throw new IllegalStateException("Only flights are kept");
        }
        // Never inside the cache's own methods: to ask may end other questions, which the cache would have to wait for.
        if (flight == fresh) {
            var wait = priority == Priority.CHECK ? flight.rest(rest, clock.instant()) : Duration.ZERO;
            if (wait.isZero()) {
                send(channel, flight, priority);
            } else {
                sendAfter(wait, channel, flight);
            }
        } else {
            flight.hurry(priority);
        }
        return flight.answer();
    }

    /**
     * Sends the check of a token a moment after the last answer about its channel, sooner if a phone waits for it: all
     * tokens of that moment make one question, and whoever gets token after token does not use up the upstream's budget.
     */
    private void sendAfter(Duration wait, ChannelId channel, InFlightLookup flight) {
        var sent = new AtomicBoolean();
        Runnable send = () -> {
            if (sent.compareAndSet(false, true)) {
                send(channel, flight, Priority.CHECK);
            }
        };
        flight.hurriedBy(priority -> {
            if (priority == Priority.INTERACTIVE) {
                send.run();
            }
        });
        var unused = scheduler.schedule(send, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void send(ChannelId channel, InFlightLookup flight, Priority priority) {
        var asked = upstream.submit(priority, () -> {
            flight.sent(clock.instant());
            return rtc.users(channel);
        });
        flight.hurriedBy(asked.raisePriority());
        var unused = asked.answer().whenComplete((users, failure) -> {
            try {
                registryThreads.execute(() -> land(channel, flight, users, failure));
            } catch (RejectedExecutionException e) {
                // The registry is overloaded or stops: those who wait get their answer all the same.
                flight.crash();
                end(channel, flight, users, failure);
            }
        });
    }

    /** Lets the registry learn from an answer, then hands it on; a failure is not kept. */
    private void land(
            ChannelId channel, InFlightLookup flight, @Nullable ChannelUsers users, @Nullable Throwable failure) {
        try {
            if (users != null) {
                calls.observed(channel, flight.land(users, clock.instant()));
            } else {
                flight.crash();
                calls.lookupFailed(channel);
            }
        } catch (RegistryException e) {
            LOG.debug("A look was not taken note of: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A look could not be taken note of", e);
        } finally {
            end(channel, flight, users, failure);
        }
    }

    private void end(
            ChannelId channel, InFlightLookup flight, @Nullable ChannelUsers users, @Nullable Throwable failure) {
        if (users == null) {
            flights.asMap().remove(channel, flight);
        }
        flight.end(users, failure);
    }
}
