package alirtc.appserver.lifecycle;

import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Observation;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.metrics.Metrics.Source;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.time.EpochNanos;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Who is in a channel: any number who want to know at the same time share one lookup, and the registry learns from every
 * answer before they do. Thread-safe; never blocks.
 *
 * <p>A lookup answers for a token only if it goes out after the token: who joins one that still waits has that, and one
 * that was sent is joined by phones alone.
 */
public final class ChannelPresence {
    private static final int MAX_ANSWERS = 10_000;

    /** The longest that the check of a token is put off for an answer that has just come. */
    private static final Duration MAX_REST = Duration.ofSeconds(1);

    /** For how long nobody asks again about a channel of which the cloud's answer made no sense. */
    private static final Duration NONSENSE_REST = Duration.ofSeconds(1);

    private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);
    private static final FailureReport FAILURES = new FailureReport(LoggerFactory.getLogger(ChannelPresence.class));

    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final CallRegistry calls;
    private final BiConsumer<ChannelState, ChannelUsers> learned;
    private final SteadyClock clock;
    private final Metrics metrics;
    private final Timers timers;
    private final Duration rest;
    private final Duration refreshAfter;

    /** The lookups of each channel that have no answer yet. */
    private final ConcurrentHashMap<ChannelId, Lookups> lookups = new ConcurrentHashMap<>();

    private final Cache<ChannelId, Answer> answers;

    /** The channels of which the cloud's last answer made no sense: whoever asks without a pause would use up the budget. */
    private final Cache<ChannelId, RtcException> nonsense;

    /**
     * The lookups of a channel that have no answer yet; at least one.
     *
     * @param waiting the one that is still to be sent, if there is one
     * @param sent the one that was sent last, if it has no answer yet
     */
    private record Lookups(
            @Nullable Lookup waiting, @Nullable Lookup sent) {
        static @Nullable Lookups of(@Nullable Lookup waiting, @Nullable Lookup sent) {
            return waiting == null && sent == null ? null : new Lookups(waiting, sent);
        }

        /** Returns these without one of them; nothing if none is left. */
        @Nullable
        Lookups without(Lookup lookup) {
            return of(waiting == lookup ? null : waiting, sent == lookup ? null : sent);
        }
    }

    /**
     * An answer of a moment ago.
     *
     * @param users who was there
     * @param at when it came
     */
    private record Answer(ChannelUsers users, Instant at) {}

    /**
     * Builds the only way to look a channel up.
     *
     * @param learned is told of each answer about a channel whose state is known
     * @param cacheTtl how long an answer serves while the budget is tight
     * @param metrics count where answers are found
     */
    public ChannelPresence(
            RtcClient rtc,
            UpstreamDispatcher upstream,
            CallRegistry calls,
            BiConsumer<ChannelState, ChannelUsers> learned,
            Duration cacheTtl,
            Metrics metrics,
            Timers timers) {
        this.rtc = rtc;
        this.upstream = upstream;
        this.calls = calls;
        this.learned = learned;
        this.clock = calls.clock();
        this.metrics = metrics;
        this.timers = timers;
        this.rest = cacheTtl.compareTo(MAX_REST) < 0 ? cacheTtl : MAX_REST;
        this.refreshAfter = cacheTtl.multipliedBy(3).dividedBy(4);
        this.answers = cache(cacheTtl);
        this.nonsense = cache(NONSENSE_REST);
    }

    private <T> Cache<ChannelId, T> cache(Duration timeToLive) {
        return Caffeine.newBuilder()
                .expireAfterWrite(timeToLive)
                .maximumSize(MAX_ANSWERS)
                .executor(Runnable::run)
                .ticker(() -> EpochNanos.of(clock.instant()))
                .build();
    }

    /**
     * Returns who is in a channel, for a phone that waits: now, or a moment ago while the budget is tight. Fails with an
     * {@link RtcException}, within {@link UpstreamDispatcher#MAX_WAIT}.
     */
    CompletableFuture<ChannelUsers> users(ChannelId channel) {
        var recent = answers.getIfPresent(channel);
        if (recent != null && isTight()) {
            metrics.usersRequested(Source.CACHE);
            if (!recent.at().plus(refreshAfter).isAfter(clock.instant())) {
                // Those who ask when the answer has expired find a newer one, and need not wait for their turn.
                var unused = lookUpForPhone(channel);
            }
            return CompletableFuture.completedFuture(recent.users());
        }
        var known = nonsense.getIfPresent(channel);
        if (known != null) {
            metrics.usersRequested(Source.CACHE);
            return CompletableFuture.failedFuture(known);
        }
        metrics.usersRequested(lookups.containsKey(channel) ? Source.JOINED : Source.UPSTREAM);
        return inTime(lookUpForPhone(channel));
    }

    /** Returns who is in a channel, by a lookup that is under way if there is one. */
    private CompletableFuture<ChannelUsers> lookUpForPhone(ChannelId channel) {
        var fresh = new Lookup(Priority.INTERACTIVE);
        var pending = lookups.compute(channel, (key, others) -> others == null ? new Lookups(fresh, null) : others);
        if (pending.sent() != null) {
            return pending.sent().answer();
        }
        if (pending.waiting() != fresh) {
            return joined(Objects.requireNonNull(pending.waiting()), Priority.INTERACTIVE);
        }
        send(channel, fresh, Priority.INTERACTIVE);
        return fresh.answer();
    }

    /** Returns whether one more lookup would have to wait. */
    boolean isTight() {
        return upstream.isTight(Action.CHANNEL_USERS);
    }

    /** Returns whether even a phone would have to wait for a noticeable time. */
    boolean isCongested() {
        return upstream.isCongested(Action.CHANNEL_USERS);
    }

    /** Drops the answer of a moment ago about a channel: something has happened there. */
    void dropAnswer(ChannelId channel) {
        answers.invalidate(channel);
    }

    /** Returns who is in a channel, now or a moment ago, for a question to which that moment does not matter. */
    CompletableFuture<ChannelUsers> recentUsers(ChannelId channel) {
        var recent = answers.getIfPresent(channel);
        return recent == null ? users(channel) : CompletableFuture.completedFuture(recent.users());
    }

    /** Returns an answer for a phone, which does not wait for longer than it was promised. */
    private CompletableFuture<ChannelUsers> inTime(CompletableFuture<ChannelUsers> answer) {
        var own = answer.copy();
        timers.timeout(
                own,
                UpstreamDispatcher.MAX_WAIT,
                () -> new RtcException(
                        Kind.TIMEOUT, "no answer within " + UpstreamDispatcher.MAX_WAIT.toMillis() + " ms"));
        return own;
    }

    /**
     * Returns who is in a channel, by a lookup that is still to be sent, or that was just sent if no token depends on it;
     * done when the registry has learned from it.
     */
    CompletableFuture<ChannelUsers> lookUp(ChannelId channel, Priority priority) {
        var known = priority == Priority.INTERACTIVE ? nonsense.getIfPresent(channel) : null;
        if (known != null) {
            return CompletableFuture.failedFuture(known);
        }
        var underWay = lookups.get(channel);
        if (underWay != null && underWay.waiting() != null) {
            return joined(underWay.waiting(), priority);
        }
        if (underWay != null && underWay.sent() != null && priority.compareTo(Priority.CHECK) > 0) {
            return underWay.sent().answer();
        }
        var fresh = new Lookup(priority);
        var pending = lookups.compute(
                channel,
                (key, others) -> others != null && others.waiting() != null
                        ? others
                        : new Lookups(fresh, others == null ? null : others.sent()));
        var lookup = pending.waiting() == null ? fresh : pending.waiting();
        if (lookup != fresh) {
            return joined(lookup, priority);
        }
        var wait = priority == Priority.CHECK ? rest(channel) : Duration.ZERO;
        if (wait.isZero()) {
            send(channel, lookup, priority);
        } else {
            sendAfter(wait, channel, lookup);
        }
        return lookup.answer();
    }

    /** Returns the answer of a lookup that waits to be sent, and so answers for whatever happened until now. */
    private static CompletableFuture<ChannelUsers> joined(Lookup waiting, Priority priority) {
        return waiting.raise(priority)
                .<CompletableFuture<ChannelUsers>>map(CompletableFuture::failedFuture)
                .orElseGet(waiting::answer);
    }

    private Duration rest(ChannelId channel) {
        var last = answers.getIfPresent(channel);
        if (last == null) {
            return Duration.ZERO;
        }
        var wait = Duration.between(clock.instant(), last.at().plus(rest));
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /**
     * Sends the check of a token a moment after the last answer about its channel, sooner if somebody waits for it.
     * Tokens issued meanwhile share one lookup, so repeated requests cannot exhaust the budget.
     */
    private void sendAfter(Duration wait, ChannelId channel, Lookup lookup) {
        var submitted = new AtomicBoolean();
        lookup.raisedBy(priority -> {
            if (priority.compareTo(Priority.CHECK) < 0 && submitted.compareAndSet(false, true)) {
                send(channel, lookup, priority);
            }
            return Optional.empty();
        });
        timers.after(wait, () -> {
            if (submitted.compareAndSet(false, true)) {
                send(channel, lookup, Priority.CHECK);
            }
        });
    }

    private void send(ChannelId channel, Lookup lookup, Priority priority) {
        try {
            var submitted = upstream.submit(Action.CHANNEL_USERS, priority, () -> {
                // First marked as sent, then the time: whoever found it waiting came before it was sent.
                lookups.put(channel, new Lookups(null, lookup));
                lookup.sent(clock.instant());
                return rtc.users(channel);
            });
            lookup.raisedBy(submitted.raise());
            // The stage hands the answer to the lookup, which is what others wait for.
            var unused = submitted.answer().whenComplete((users, failure) -> {
                if (users != null) {
                    learn(channel, lookup, users);
                } else {
                    fail(channel, lookup, failure == null ? new IllegalStateException("No answer") : failure);
                }
            });
        } catch (RuntimeException | Error e) {
            fail(channel, lookup, e);
        }
    }

    /** Lets the registry learn from an answer, then hands it on, whatever comes of that. */
    private void learn(ChannelId channel, Lookup lookup, ChannelUsers users) {
        var now = clock.instant();
        var observation = new Observation(lookup.askedAt().orElse(now), now, users);
        // The stage reports its failure itself.
        var unused = NOW.thenCompose(begun -> calls.observed(channel, observation))
                .thenAccept(state -> state.ifPresent(known -> learned.accept(known, users)))
                .whenComplete((done, defect) -> {
                    try {
                        FAILURES.report("A lookup of {} could not be recorded", channel.value(), defect);
                        answers.put(channel, new Answer(users, now));
                    } finally {
                        forget(channel, lookup);
                        lookup.answer().complete(users);
                    }
                });
    }

    /** Records that a lookup failed, then tells whoever waits for it, whatever comes of that. */
    private void fail(ChannelId channel, Lookup lookup, Throwable failure) {
        forget(channel, lookup);
        // The stage reports its failure itself.
        var unused = NOW.thenCompose(begun -> calls.lookupFailed(channel)).whenComplete((state, defect) -> {
            try {
                FAILURES.report("A lookup of {} could not be recorded", channel.value(), defect);
                if (failure instanceof RtcException reason && reason.kind() == Kind.MALFORMED) {
                    nonsense.put(channel, reason);
                }
            } finally {
                lookup.answer().completeExceptionally(failure);
            }
        });
    }

    private void forget(ChannelId channel, Lookup lookup) {
        lookups.computeIfPresent(channel, (key, others) -> others.without(lookup));
    }
}
