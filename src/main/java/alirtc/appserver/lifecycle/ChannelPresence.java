package alirtc.appserver.lifecycle;

import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.metrics.Metrics.Source;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in a channel: any number who want to know at the same time share one lookup, and the registry learns from every
 * answer before they do. Thread-safe; never blocks.
 */
public final class ChannelPresence {
    private static final int MAX_ANSWERS = 10_000;

    /** The longest that the check of a token is put off for an answer that has just come. */
    private static final Duration MAX_REST = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ChannelPresence.class);

    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final CallRegistry calls;
    private final SteadyClock clock;
    private final Metrics metrics;
    private final Timers timers;
    private final Duration rest;
    private final AsyncCache<ChannelId, Boolean> lookups;

    /**
     * Builds the only way to look a channel up.
     *
     * @param cacheTtl how long an answer serves
     * @param metrics count where answers are found
     */
    public ChannelPresence(
            RtcClient rtc,
            UpstreamDispatcher upstream,
            CallRegistry calls,
            Duration cacheTtl,
            Metrics metrics,
            Timers timers) {
        this.rtc = rtc;
        this.upstream = upstream;
        this.calls = calls;
        this.clock = calls.clock();
        this.metrics = metrics;
        this.timers = timers;
        this.rest = cacheTtl.compareTo(MAX_REST) < 0 ? cacheTtl : MAX_REST;
        this.lookups = Caffeine.newBuilder()
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
    CompletableFuture<ChannelUsers> users(ChannelId channel) {
        var fresh = new InFlightLookup();
        var lookup = lookups.get(channel, (key, executor) -> fresh);
        metrics.usersRequested(lookup == fresh ? Source.UPSTREAM : lookup.isDone() ? Source.CACHE : Source.JOINED);
        return answer(channel, lookup, fresh, Priority.INTERACTIVE);
    }

    /**
     * Returns who is in a channel, by an answer that is still to come, not one from the cache.
     *
     * @param tokenAt the token to be checked by it, if it is for one
     */
    CompletableFuture<ChannelUsers> lookUp(ChannelId channel, Priority priority, Optional<Instant> tokenAt) {
        var fresh = new InFlightLookup();
        tokenAt.ifPresent(fresh::checks);
        var lookup = lookups.asMap().compute(channel, (key, last) -> {
            if (isJoinable(last, tokenAt)) {
                return last;
            }
            fresh.follows(last);
            return fresh;
        });
        return answer(channel, lookup, fresh, priority);
    }

    /** Returns whether a lookup of a channel is in flight. */
    boolean isLookingUp(ChannelId channel) {
        return inFlight(channel).isPresent();
    }

    /** Returns the answer to the lookup of a channel that is in flight, if one is, for a phone that waits. */
    Optional<CompletableFuture<ChannelUsers>> raised(ChannelId channel) {
        var lookup = inFlight(channel);
        lookup.ifPresent(asked -> asked.raisePriority(Priority.INTERACTIVE));
        return lookup.map(InFlightLookup::answer);
    }

    private Optional<InFlightLookup> inFlight(ChannelId channel) {
        return lookups.getIfPresent(channel) instanceof InFlightLookup lookup && !lookup.isDone()
                ? Optional.of(lookup)
                : Optional.empty();
    }

    /** Makes the lookup of a channel that is in flight, if one is, the check of a token too. */
    boolean joins(ChannelId channel, Instant tokenAt) {
        return isJoinable(lookups.getIfPresent(channel), Optional.of(tokenAt));
    }

    private static boolean isJoinable(@Nullable CompletableFuture<Boolean> last, Optional<Instant> tokenAt) {
        return last instanceof InFlightLookup lookup
                && !lookup.isDone()
                && tokenAt.map(lookup::checks).orElse(true);
    }

    /** Returns the answer of the lookup that the cache holds now, and sends it if it is the fresh one. */
    private CompletableFuture<ChannelUsers> answer(
            ChannelId channel, @Nullable CompletableFuture<Boolean> held, InFlightLookup fresh, Priority priority) {
        if (!(held instanceof InFlightLookup lookup)) {
            throw new IllegalStateException("Only lookups are kept");
        }
        // Never inside the cache's own methods: to send may end other lookups, which the cache would have to wait for.
        if (lookup == fresh) {
            var wait = priority == Priority.CHECK ? lookup.rest(rest, clock.instant()) : Duration.ZERO;
            if (wait.isZero()) {
                send(channel, lookup, priority);
            } else {
                sendAfter(wait, channel, lookup);
            }
        } else {
            lookup.raisePriority(priority);
        }
        return lookup.answer();
    }

    /**
     * Sends the check of a token a moment after the last answer about its channel, sooner if a phone waits for it. Tokens
     * issued meanwhile share one lookup, so repeated requests cannot exhaust the budget.
     */
    private void sendAfter(Duration wait, ChannelId channel, InFlightLookup lookup) {
        var sent = new AtomicBoolean();
        Runnable send = () -> {
            if (sent.compareAndSet(false, true)) {
                send(channel, lookup, Priority.CHECK);
            }
        };
        lookup.raisedBy(priority -> {
            if (priority == Priority.INTERACTIVE) {
                send.run();
            }
        });
        timers.after(wait, send);
    }

    private void send(ChannelId channel, InFlightLookup lookup, Priority priority) {
        var submitted = upstream.submit(priority, () -> {
            lookup.sent(clock.instant());
            return rtc.users(channel);
        });
        lookup.raisedBy(submitted.raisePriority());
        // The stage hands the answer to the lookup, which is what others wait for.
        var unused = submitted.answer().whenComplete((users, failure) -> learn(channel, lookup, users, failure));
    }

    /** Lets the registry learn from an answer, then hands it on; a failure is not kept. */
    private void learn(
            ChannelId channel, InFlightLookup lookup, @Nullable ChannelUsers users, @Nullable Throwable failure) {
        CompletableFuture<?> learned;
        if (users != null) {
            learned = calls.observed(channel, lookup.succeed(users, clock.instant()));
        } else {
            lookup.fail();
            learned = calls.lookupFailed(channel);
        }
        // The stage reports its failure itself.
        var unused = learned.whenComplete((state, defect) -> {
            if (defect != null) {
                logNotLearned(channel, defect);
            }
            if (users == null) {
                lookups.asMap().remove(channel, lookup);
            }
            lookup.end(users, failure);
        });
    }

    private static void logNotLearned(ChannelId channel, Throwable failure) {
        if (RegistryException.causes(failure)) {
            LOG.debug("A lookup of {} was not recorded: {}", channel.value(), failure.getMessage());
        } else {
            LOG.error("A lookup of {} could not be recorded", channel.value(), failure);
        }
    }
}
