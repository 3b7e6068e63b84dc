package alirtc.appserver.call;

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
    private final AsyncCache<ChannelId, Boolean> flights;

    /**
     * Builds the only way to ask.
     *
     * @param cacheTtl how long an answer serves
     * @param clock a clock that never steps
     */
    public Presence(RtcClient rtc, Upstream upstream, CallRegistry calls, Duration cacheTtl, InstantSource clock) {
        this.rtc = rtc;
        this.upstream = upstream;
        this.calls = calls;
        this.clock = clock;
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
        var flight = flights.get(channel, (key, executor) -> launch(key, Urgency.QUESTION, Optional.empty()));
        return answer(channel, flight, Urgency.QUESTION);
    }

    /**
     * Returns who is in a channel, by an answer that is still to come, not one from the cache.
     *
     * @param tokenAt the token to be checked by it, if it is for one
     */
    CompletableFuture<ChannelUsers> look(ChannelId channel, Urgency urgency, Optional<Instant> tokenAt) {
        var flight = flights.asMap()
                .compute(channel, (key, last) -> isJoinable(last, tokenAt) ? last : launch(key, urgency, tokenAt));
        return answer(channel, flight, urgency);
    }

    /** Returns the question about a channel that is under way, if one is. */
    Optional<CompletableFuture<ChannelUsers>> underWay(ChannelId channel) {
        return flights.getIfPresent(channel) instanceof Flight flight && !flight.isDone()
                ? Optional.of(flight.answer())
                : Optional.empty();
    }

    private static boolean isJoinable(@Nullable CompletableFuture<Boolean> last, Optional<Instant> tokenAt) {
        return last instanceof Flight flight
                && !flight.isDone()
                && tokenAt.map(flight::checks).orElse(true);
    }

    private CompletableFuture<ChannelUsers> answer(
            ChannelId channel, @Nullable CompletableFuture<Boolean> cached, Urgency urgency) {
        if (!(cached instanceof Flight flight)) {
            throw new IllegalStateException("Only flights are kept");
        }
        flight.hurry(urgency);
        // A failure is not kept. Removed here, since a flight may fail while it is put into the cache.
        return flight.answer().whenComplete((users, failure) -> {
            if (failure != null) {
                flights.asMap().remove(channel, flight);
            }
        });
    }

    private Flight launch(ChannelId channel, Urgency urgency, Optional<Instant> tokenAt) {
        var flight = new Flight();
        tokenAt.ifPresent(flight::checks);
        var asked = upstream.ask(urgency, () -> {
            flight.sent(clock.instant());
            return rtc.users(channel);
        });
        flight.hurriedBy(asked.hurry());
        var unused = asked.answer().whenComplete((users, failure) -> land(channel, flight, users, failure));
        return flight;
    }

    /** Lets the registry learn from an answer, then hands it on. */
    private void land(ChannelId channel, Flight flight, @Nullable ChannelUsers users, @Nullable Throwable failure) {
        try {
            if (users != null) {
                calls.looked(channel, flight.land(users, clock.instant()));
            } else {
                flight.crash();
                calls.lookFailed(channel);
            }
        } catch (RuntimeException e) {
            LOG.error("A look could not be taken note of", e);
        } finally {
            flight.end(users, failure);
        }
    }
}
