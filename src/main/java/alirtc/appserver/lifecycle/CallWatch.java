package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due about the live calls: observes whether people are still there, ends calls at their time limit and
 * keeps them ended. To be run four times a second. Thread-safe; never blocks.
 */
public final class CallWatch {
    /** So many calls may be ended at a time, so that phones' requests keep their share of the budget. */
    private static final int MAX_ENDING = 20;

    private static final Logger LOG = LoggerFactory.getLogger(CallWatch.class);

    private final CallRegistry calls;
    private final ChannelPresence presence;
    private final ChannelObserver observer;
    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final Limits limits;
    private final SteadyClock clock;
    private final CallEvents events;
    private final Set<ChannelId> busy = ConcurrentHashMap.newKeySet();
    private final AtomicInteger ending = new AtomicInteger();

    /**
     * How long things last.
     *
     * @param call how long a call may last, if there is a limit
     * @param tokenTtl how long a token admits its user
     */
    public record Limits(Optional<Duration> call, Duration tokenTtl) {}

    /**
     * Builds the watch.
     *
     * @param events is told of what is ended
     */
    public CallWatch(
            CallRegistry calls,
            ChannelPresence presence,
            ChannelObserver observer,
            RtcClient rtc,
            UpstreamDispatcher upstream,
            Limits limits,
            CallEvents events) {
        this.calls = calls;
        this.presence = presence;
        this.observer = observer;
        this.rtc = rtc;
        this.upstream = upstream;
        this.limits = limits;
        this.clock = calls.clock();
        this.events = events;
    }

    /** Starts what is due now; the future is done when everything is started, and does not fail for a single call. */
    public CompletableFuture<?> run() {
        return calls.due().thenAccept(due -> due.forEach(this::attendOnce)).exceptionally(failure -> {
            log(failure, "Nothing is known to be due");
            return null;
        });
    }

    private void attendOnce(ChannelState state) {
        var channel = state.channel();
        if (!busy.add(channel)) {
            // What is being done about it may end this very moment, after it was taken out of the store.
            calls.reschedule(state);
            return;
        }
        CompletableFuture<?> attended;
        try {
            attended = attend(state);
        } catch (RuntimeException e) {
            attended = CompletableFuture.failedFuture(e);
        }
        // The stage ends the attention, and reports a defect; the cloud's failures are recorded where they occur.
        var unused = attended.whenComplete((done, failure) -> {
            busy.remove(channel);
            if (failure != null) {
                log(failure, "The call in " + channel.value() + " could not be attended to");
            }
        });
    }

    private static void log(Throwable failure, String what) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RuntimeException && !(cause instanceof RegistryException)) {
            LOG.error("{}", what, cause);
        } else {
            LOG.debug("{}: {}", what, cause.getMessage());
        }
    }

    private CompletableFuture<?> attend(ChannelState state) {
        var call = state.call();
        if (call.stage() == Stage.ENDED) {
            return keepEnded(state);
        }
        if (limits.call().isPresent()
                && !call.mayBeSuperseded()
                && !call.endDueAt(limits.call().get()).isAfter(clock.instant())) {
            return atLimit(state);
        }
        var tokenAt = call.hasTokenSinceObservation()
                ? Optional.of(call.evidence().lastTokenAt())
                : Optional.<Instant>empty();
        boolean undecided = call.mayBeSuperseded() || call.stage() == Stage.PROVISIONAL;
        return observer.observe(state.channel(), undecided ? Priority.CHECK : Priority.BACKGROUND, tokenAt);
    }

    /** Ends a call that has reached its limit, unless it proves to be over and another to have begun. */
    private CompletableFuture<Optional<ChannelState>> atLimit(ChannelState state) {
        var call = state.call();
        if (!call.hasTokenSinceObservation()) {
            return end(state);
        }
        return presence.lookUp(
                        state.channel(),
                        Priority.INTERACTIVE,
                        Optional.of(call.evidence().lastTokenAt()))
                .handle((users, failure) -> failure == null)
                .thenCompose(observed -> observed ? endIfStillDue(state) : calls.endFailed(state));
    }

    private CompletableFuture<Optional<ChannelState>> endIfStillDue(ChannelState state) {
        return calls.find(state.channel())
                .thenCompose(known -> known.filter(
                                now -> now.call().id() == state.call().id()
                                        && !now.call().mayBeSuperseded())
                        .map(this::end)
                        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty())));
    }

    /** Ends a call again if people came back to it, for as long as a token for it is valid. */
    private CompletableFuture<Optional<ChannelState>> keepEnded(ChannelState state) {
        var lastTokenAt = state.call().evidence().lastTokenAt();
        if (!lastTokenAt.plus(limits.tokenTtl()).isAfter(clock.instant())) {
            return calls.forget(state);
        }
        return presence.lookUp(state.channel(), Priority.CHECK, Optional.empty())
                .thenCompose(
                        users -> users.isEmpty() ? CompletableFuture.completedFuture(Optional.empty()) : end(state));
    }

    private CompletableFuture<Optional<ChannelState>> end(ChannelState state) {
        if (ending.incrementAndGet() > MAX_ENDING) {
            ending.decrementAndGet();
            return calls.endPostponed(state);
        }
        events.limitReached(state);
        var channel = state.channel();
        return upstream.submit(Priority.INTERACTIVE, () -> {
                    rtc.delete(channel);
                    return channel;
                })
                .answer()
                .handle((done, failure) -> {
                    ending.decrementAndGet();
                    return Optional.ofNullable(failure);
                })
                .thenCompose(failure -> {
                    if (failure.isEmpty()) {
                        events.deleted(state);
                        return calls.ended(state);
                    }
                    events.deleteFailed(state, failure.get());
                    return calls.endFailed(state);
                });
    }
}
