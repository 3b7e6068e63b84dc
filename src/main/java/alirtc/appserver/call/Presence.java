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
    private final AsyncCache<ChannelId, ChannelUsers> answers;

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
        this.answers = Caffeine.newBuilder()
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
        var flight = answers.asMap()
                .compute(
                        channel,
                        (key, last) -> last == null || last.isCompletedExceptionally()
                                ? launch(key, Urgency.QUESTION, Optional.empty())
                                : last);
        return hurried(flight, Urgency.QUESTION);
    }

    /**
     * Returns who is in a channel, by an answer that is still to come, not one from the cache.
     *
     * @param tokenAt the token to be checked by it, if it is for one
     */
    CompletableFuture<ChannelUsers> look(ChannelId channel, Urgency urgency, Optional<Instant> tokenAt) {
        var flight = answers.asMap()
                .compute(channel, (key, last) -> isJoinable(last, tokenAt) ? last : launch(key, urgency, tokenAt));
        return hurried(flight, urgency);
    }

    private static boolean isJoinable(@Nullable CompletableFuture<ChannelUsers> last, Optional<Instant> tokenAt) {
        return last instanceof Flight flight
                && !flight.isDone()
                && tokenAt.map(flight::checks).orElse(true);
    }

    private static CompletableFuture<ChannelUsers> hurried(
            @Nullable CompletableFuture<ChannelUsers> answer, Urgency urgency) {
        if (answer instanceof Flight flight) {
            flight.hurry(urgency);
            return flight;
        }
        throw new IllegalStateException("Only flights are kept");
    }

    private Flight launch(ChannelId channel, Urgency urgency, Optional<Instant> tokenAt) {
        var flight = new Flight();
        tokenAt.ifPresent(flight::checks);
        var asked = upstream.ask(urgency, () -> {
            flight.sent(clock.instant());
            return rtc.users(channel);
        });
        flight.hurriedBy(asked.hurry());
        var unused = asked.answer().whenComplete((users, failure) -> {
            try {
                if (failure == null) {
                    calls.looked(channel, flight.land(users, clock.instant()));
                } else {
                    flight.crash();
                    calls.lookFailed(channel);
                }
            } catch (RuntimeException e) {
                LOG.error("A look could not be taken note of", e);
            }
            if (failure == null) {
                flight.complete(users);
            } else {
                flight.completeExceptionally(failure);
            }
        });
        return flight;
    }
}
