package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call;
import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.EndReason;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Does what is due about the live calls: observes whether people are still there, ends calls by the rules and keeps
 * them ended. To be run four times a second. Thread-safe; never blocks.
 */
public final class CallWatch {
    /** The watch counts as stopped when no round of it has ended for so long. */
    private static final Duration MAX_SILENCE = Duration.ofSeconds(10);

    /** What the registry told longer ago is not worth a deletion: another server may have taken over meanwhile. */
    private static final Duration MAX_AGE = Duration.ofSeconds(2);

    private static final FailureReport FAILURES = new FailureReport(LoggerFactory.getLogger(CallWatch.class));

    private final CallRegistry calls;
    private final ChannelObserver observer;
    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final Limits limits;
    private final Predicate<ChannelState> knownToGoOn;
    private final SteadyClock clock;
    private final CallEvents events;
    private final Set<ChannelId> observing = ConcurrentHashMap.newKeySet();
    private final Set<ChannelId> ending = ConcurrentHashMap.newKeySet();
    private volatile Instant lastRoundAt;

    /**
     * How long things last.
     *
     * @param rules what ends a call
     * @param tokenTtl how long a token admits its user
     */
    public record Limits(CallRules rules, Duration tokenTtl) {}

    /**
     * What came of a deletion.
     *
     * @param deleted whether the channel was deleted; not if its call proved to have changed
     * @param failure why nobody knows, if so
     */
    private record Outcome(boolean deleted, Optional<Throwable> failure) {}

    /**
     * Builds the watch.
     *
     * @param knownToGoOn returns whether a call is known to go on without an observation of its own
     * @param events is told of what is ended
     */
    public CallWatch(
            CallRegistry calls,
            ChannelObserver observer,
            RtcClient rtc,
            UpstreamDispatcher upstream,
            Limits limits,
            Predicate<ChannelState> knownToGoOn,
            CallEvents events) {
        this.calls = calls;
        this.observer = observer;
        this.rtc = rtc;
        this.upstream = upstream;
        this.limits = limits;
        this.knownToGoOn = knownToGoOn;
        this.clock = calls.clock();
        this.events = events;
        this.lastRoundAt = clock.instant();
    }

    /**
     * Returns whether the watch still runs: whether a round of it ended within the last ten seconds, if only since the registry
     * cannot be asked.
     */
    public boolean isRunning() {
        return lastRoundAt.plus(MAX_SILENCE).isAfter(clock.instant());
    }

    /** Starts what is due now; the future is done when everything is started, and does not fail for a single call. */
    public CompletableFuture<?> run() {
        return calls.due().thenAccept(due -> due.forEach(this::attendOnce)).handle((nothing, failure) -> {
            if (failure == null || RegistryException.causes(failure)) {
                lastRoundAt = clock.instant();
            }
            FAILURES.report("What is due cannot be had from {}", "the registry", failure);
            return null;
        });
    }

    private void attendOnce(ChannelState state) {
        var channel = state.channel();
        var atDeadline = isAtDeadline(state);
        var busy = atDeadline ? ending : observing;
        if (!busy.add(channel)) {
            // What is being done about it may end this very moment, after it was taken out of the store.
            calls.reschedule(state);
            return;
        }
        try {
            // The stage ends the attention; the cloud's failures are recorded where they occur.
            var unused = (atDeadline ? atDeadline(state) : attend(state))
                    .whenComplete((done, failure) -> attended(channel, busy, failure));
        } catch (RuntimeException | Error e) {
            attended(channel, busy, e);
        }
    }

    /** Returns whether all is done that was started. */
    boolean isIdle() {
        return ending.isEmpty() && observing.isEmpty();
    }

    private static void attended(ChannelId channel, Set<ChannelId> busy, @Nullable Throwable failure) {
        busy.remove(channel);
        FAILURES.report("The call in {} could not be attended to", channel.value(), failure);
    }

    private boolean isAtDeadline(ChannelState state) {
        return !state.call().hasPendingChange() && isDue(state.endDueAt(limits.rules()));
    }

    private boolean isDue(Optional<Instant> at) {
        return at.filter(due -> !due.isAfter(clock.instant())).isPresent();
    }

    private CompletableFuture<?> attend(ChannelState state) {
        if (isDue(state.warningDueAt(limits.rules())) && !state.call().hasUndecidedToken()) {
            return calls.warned(state, state.endsAt(limits.rules()).orElseThrow())
                    .thenCompose(warned -> warned.filter(now -> isPollDue(now))
                            .<CompletableFuture<?>>map(this::attendUnwarned)
                            .orElseGet(() -> CompletableFuture.completedFuture(warned)));
        }
        return attendUnwarned(state);
    }

    private boolean isPollDue(ChannelState state) {
        return isDue(Optional.of(state.call().schedule().nextPollAt()));
    }

    private CompletableFuture<?> attendUnwarned(ChannelState state) {
        var call = state.call();
        if (call.stage() == Stage.ENDED) {
            return keepEnded(state);
        }
        if (call.stage() == Stage.OVER || state.isAbandoned(clock.instant())) {
            return calls.forget(state);
        }
        boolean aloneMatters = limits.rules().aloneFor().isPresent();
        if (!(aloneMatters && state.isCompanyOpen()) && knownToGoOn.test(state)) {
            return calls.postponePoll(state);
        }
        return observer.observe(state.channel(), priority(state));
    }

    private static Priority priority(ChannelState state) {
        if (state.isEmptiedByEvent()) {
            return Priority.CONFIRMATION;
        }
        return isUndecided(state) ? Priority.CHECK : Priority.POLL;
    }

    /** Returns whether a start or an end depends on an observation, or whether anybody was ever there. */
    private static boolean isUndecided(ChannelState state) {
        var call = state.call();
        return call.evidence().pending() != null
                || call.hasUndecidedToken()
                || !call.evidence().seen();
    }

    /**
     * Ends a call that has come to its end by the rules, if that is proven: that those in it have been there for so long, or
     * that one has been alone.
     */
    private CompletableFuture<Optional<ChannelState>> atDeadline(ChannelState state) {
        var reason = endReason(state.call());
        if (reason.isPresent()) {
            return end(state, reason.get());
        }
        return observer.lookUp(state.channel(), Priority.DEADLINE)
                .handle((users, failure) -> failure == null)
                .thenCompose(observed -> observed ? endIfProven(state) : calls.endFailed(state));
    }

    private Optional<EndReason> endReason(Call call) {
        return call.endReason(limits.rules(), clock.instant());
    }

    private CompletableFuture<Optional<ChannelState>> endIfProven(ChannelState state) {
        return calls.current(state.channel())
                .thenCompose(known -> known.filter(now -> isSame(now, state) && isAtDeadline(now))
                        .map(now -> endReason(now.call())
                                .map(reason -> end(now, reason))
                                .orElseGet(() -> calls.endFailed(now)))
                        .orElseGet(() -> CompletableFuture.completedFuture(known)));
    }

    private static boolean isSame(ChannelState one, ChannelState other) {
        return one.call().id() == other.call().id();
    }

    /** Ends a call again if people came back to it, for as long as a token for it is valid. */
    private CompletableFuture<Optional<ChannelState>> keepEnded(ChannelState state) {
        var lastTokenAt = state.call().evidence().lastTokenAt();
        if (!lastTokenAt.plus(limits.tokenTtl()).isAfter(clock.instant())) {
            return calls.forget(state);
        }
        return observer.lookUp(state.channel(), Priority.KEEP_ENDED)
                .thenCompose(
                        // Why it was ended is of no interest any more.
                        users -> users.isEmpty()
                                ? CompletableFuture.completedFuture(Optional.empty())
                                : end(state, EndReason.ENDED));
    }

    private CompletableFuture<Optional<ChannelState>> end(ChannelState state, EndReason reason) {
        events.endDue(state, reason);
        return upstream.submit(Action.DELETE_CHANNEL, Priority.DEADLINE, () -> delete(state))
                .answer()
                .handle((deleted, failure) -> new Outcome(Boolean.TRUE.equals(deleted), Optional.ofNullable(failure)))
                .thenCompose(outcome -> recorded(state, reason, outcome));
    }

    /** Deletes a channel, unless it has changed since that was decided; returns whether it did. */
    private boolean delete(ChannelState state) throws RtcException {
        var askedAt = clock.instant();
        var now = current(state.channel());
        if (clock.instant().isAfter(askedAt.plus(MAX_AGE))) {
            throw new RtcException(
                    Kind.REJECTED, "the server was held up since it asked whether the call is still there");
        }
        if (now.filter(known -> isSame(known, state) && mayStillEnd(known)).isEmpty()) {
            return false;
        }
        rtc.delete(state.channel());
        return true;
    }

    /** Returns whether a call that was to be ended still is: a token of this moment may have begun another. */
    private boolean mayStillEnd(ChannelState state) {
        var call = state.call();
        return call.stage() == Stage.ENDED
                ? !call.hasTokenSinceObservation()
                : endReason(call).isPresent();
    }

    /** Returns the state of a channel right now, waiting for the store where that takes a while. */
    private Optional<ChannelState> current(ChannelId channel) throws RtcException {
        try {
            return calls.current(channel).join();
        } catch (CompletionException e) {
            throw new RtcException(Kind.REJECTED, "the registry does not tell whether the call is still there");
        }
    }

    private CompletableFuture<Optional<ChannelState>> recorded(ChannelState state, EndReason reason, Outcome outcome) {
        if (outcome.failure().isPresent()) {
            events.deleteFailed(state, outcome.failure().get());
            return calls.endFailed(state);
        }
        if (outcome.deleted()) {
            events.deleted(state, reason, delay(state.call(), reason));
            return calls.ended(state, reason);
        }
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** Returns how long ago a call should have ended by its time limit, if it was that. */
    private Optional<Duration> delay(Call call, EndReason reason) {
        return call.limit(limits.rules())
                .filter(limit -> reason == EndReason.LIMIT)
                .map(limit -> Duration.between(call.safeStart().plus(limit), clock.instant()));
    }
}
