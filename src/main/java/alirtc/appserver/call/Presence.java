package alirtc.appserver.call;

import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.metrics.Metrics.Source;
import alirtc.appserver.rtc.ChannelId;
import alirtc.appserver.rtc.ChannelUsers;
import alirtc.appserver.rtc.RtcClient;
import alirtc.appserver.rtc.Upstream;
import alirtc.appserver.rtc.Urgency;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in a channel: any number who want to know at the same time make one question upstream, and the registry learns
 * from every answer before they do. Thread-safe; never blocks.
 */
public final class Presence {
    private static final int MOST_ANSWERS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

    private final RtcClient rtc;
    private final Upstream upstream;
    private final CallRegistry calls;
    private final InstantSource clock;
    private final Metrics metrics;
    private final Executor registryThreads;
    private final AsyncCache<ChannelId, Boolean> flights;

    /**
     * Builds the only way to ask.
     *
     * @param cacheTtl how long an answer serves
     * @param clock a clock that never steps
     * @param metrics count where answers are found
     * @param registryThreads runs what asks the registry, which may block
     */
    public Presence(
            RtcClient rtc,
            Upstream upstream,
            CallRegistry calls,
            Duration cacheTtl,
            InstantSource clock,
            Metrics metrics,
            Executor registryThreads) {
        this.rtc = rtc;
        this.upstream = upstream;
        this.calls = calls;
        this.clock = clock;
        this.metrics = metrics;
        this.registryThreads = registryThreads;
        this.flights = Caffeine.newBuilder()
                .expireAfterWrite(cacheTtl)
                .maximumSize(MOST_ANSWERS)
                .executor(Runnable::run)
                .ticker(() -> Duration.between(Instant.EPOCH, clock.instant()).toNanos())
                .buildAsync();
    }

    /**
     * Returns who is in a channel, now or a moment ago, for a phone that waits; fails with an
     * {@link alirtc.appserver.rtc.RtcException}.
     */
    public CompletableFuture<ChannelUsers> users(ChannelId channel) {
        var fresh = new Flight();
        var flight = flights.get(channel, (key, executor) -> fresh);
        metrics.usersAsked(flight == fresh ? Source.UPSTREAM : flight.isDone() ? Source.CACHE : Source.JOINED);
        return answer(channel, flight, fresh, Urgency.QUESTION);
    }

    /**
     * Returns who is in a channel, by an answer that is still to come, not one from the cache.
     *
     * @param tokenAt the token to be checked by it, if it is for one
     */
    CompletableFuture<ChannelUsers> look(ChannelId channel, Urgency urgency, Optional<Instant> tokenAt) {
        var fresh = new Flight();
        tokenAt.ifPresent(fresh::checks);
        var flight = flights.asMap().compute(channel, (key, last) -> isJoinable(last, tokenAt) ? last : fresh);
        return answer(channel, flight, fresh, urgency);
    }

    /** Returns the question about a channel that is under way, if one is. */
    Optional<CompletableFuture<ChannelUsers>> underWay(ChannelId channel) {
        return flights.getIfPresent(channel) instanceof Flight flight && !flight.isDone()
                ? Optional.of(flight.answer())
                : Optional.empty();
    }

    /** Makes the question about a channel that is under way, if one is, the check of a token too. */
    boolean joins(ChannelId channel, Instant tokenAt) {
        return isJoinable(flights.getIfPresent(channel), Optional.of(tokenAt));
    }

    private static boolean isJoinable(@Nullable CompletableFuture<Boolean> last, Optional<Instant> tokenAt) {
        return last instanceof Flight flight
                && !flight.isDone()
                && tokenAt.map(flight::checks).orElse(true);
    }

    /** Returns the answer of the flight that the cache holds now, and sends it if it is the fresh one. */
    private CompletableFuture<ChannelUsers> answer(
            ChannelId channel, @Nullable CompletableFuture<Boolean> held, Flight fresh, Urgency urgency) {
        if (!(held instanceof Flight flight)) {
            throw new IllegalStateException("Only flights are kept");
        }
        // Never inside the cache's own methods: to ask may end other questions, which the cache would have to wait for.
        if (flight == fresh) {
            send(channel, flight, urgency);
        } else {
            flight.hurry(urgency);
        }
        return flight.answer();
    }

    private void send(ChannelId channel, Flight flight, Urgency urgency) {
        var asked = upstream.ask(urgency, () -> {
            flight.sent(clock.instant());
            return rtc.users(channel);
        });
        flight.hurriedBy(asked.hurry());
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
    private void land(ChannelId channel, Flight flight, @Nullable ChannelUsers users, @Nullable Throwable failure) {
        try {
            if (users != null) {
                calls.looked(channel, flight.land(users, clock.instant()));
            } else {
                flight.crash();
                calls.lookFailed(channel);
            }
        } catch (RegistryException e) {
            LOG.debug("A look was not taken note of: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A look could not be taken note of", e);
        } finally {
            end(channel, flight, users, failure);
        }
    }

    private void end(ChannelId channel, Flight flight, @Nullable ChannelUsers users, @Nullable Throwable failure) {
        if (users == null) {
            flights.asMap().remove(channel, flight);
        }
        flight.end(users, failure);
    }
}
