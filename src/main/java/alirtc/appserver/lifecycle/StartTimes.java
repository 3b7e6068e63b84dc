package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call;
import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.StartTime;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Answers when the call in a channel began, waiting for what can still change that. Thread-safe; never blocks. */
public final class StartTimes {
    /** How many times an answer may prove to need a further observation before it is given up. */
    private static final int ROUNDS = 4;

    private final CallRegistry calls;
    private final ChannelPresence presence;
    private final ChannelObserver observer;
    private final StartTimeRecovery recovery;
    private final EventHealth health;
    private final CallRules rules;
    private final SteadyClock clock;
    private final Timers timers;

    /**
     * Builds the only way to ask for start times.
     *
     * @param rules what ends a call
     */
    public StartTimes(
            CallRegistry calls,
            ChannelPresence presence,
            ChannelObserver observer,
            StartTimeRecovery recovery,
            EventHealth health,
            CallRules rules,
            Timers timers) {
        this.calls = calls;
        this.presence = presence;
        this.observer = observer;
        this.recovery = recovery;
        this.health = health;
        this.rules = rules;
        this.clock = calls.clock();
        this.timers = timers;
    }

    /**
     * Returns when the call in a channel began, if there is one and its start can be known.
     *
     * @return the answer, or an {@link RtcException} or {@link RegistryException} if it cannot be had now, within
     *     {@link UpstreamDispatcher#MAX_WAIT}
     */
    CompletableFuture<Optional<StartTime>> find(ChannelId channel) {
        var answer = find(channel, ROUNDS);
        timers.timeout(
                answer,
                UpstreamDispatcher.MAX_WAIT,
                () -> new RtcException(Kind.TIMEOUT, "the start time is not known in time"));
        return answer;
    }

    private CompletableFuture<Optional<StartTime>> find(ChannelId channel, int rounds) {
        return calls.find(channel)
                .thenCompose(state -> state.filter(known -> known.call().stage() != Stage.OVER)
                        .map(known -> find(known, rounds))
                        .orElseGet(() -> ask(channel, CompletableFuture.completedFuture(Optional.empty()))))
                .exceptionallyCompose(failure -> RegistryException.causes(failure)
                        ? ask(channel, CompletableFuture.failedFuture(failure))
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<Optional<StartTime>> find(ChannelState state, int rounds) {
        var channel = state.channel();
        var call = state.call();
        boolean lookupWanted = rounds == ROUNDS && isFirstToCome(state);
        boolean lookupComesSoon = lookupWanted && !presence.isTight();
        if (lookupWanted && !lookupComesSoon) {
            observer.check(channel);
        }
        if (isSettled(call) && !lookupComesSoon) {
            return CompletableFuture.completedFuture(toStartTime(state));
        }
        if (rounds == 0) {
            return CompletableFuture.failedFuture(new RtcException(Kind.UNAVAILABLE, "the start time keeps changing"));
        }
        if (call.mayBeSuperseded()) {
            return timers.delay(
                            Duration.between(clock.instant(), call.schedule().nextPollAt()))
                    .thenCompose(now -> observer.observe(channel, Priority.INTERACTIVE))
                    .thenCompose(done -> find(channel, rounds - 1));
        }
        var running = recovery.running(channel);
        if (!running.isDone()) {
            // Whatever comes of it, the next round sees.
            return running.handle((done, failure) -> true).thenCompose(over -> find(channel, rounds - 1));
        }
        if (call.isOngoing() && (presence.isCongested() || (health.isHeard() && presence.isTight()))) {
            // Phones get a start that is not too early at once, and leave the budget to what decides it.
            return CompletableFuture.completedFuture(toStartTime(state));
        }
        return observer.observe(channel, Priority.INTERACTIVE)
                .handle((done, failure) -> failure == null)
                .thenCompose(learned -> learned
                        ? find(channel, rounds - 1)
                        // The latest start that may be the right one stands in for what nobody can tell.
                        : calls.findIfPossible(channel).thenApply(now -> toStartTime(now.orElse(state))));
    }

    /** Asks those in a channel of which nothing is known. */
    private CompletableFuture<Optional<StartTime>> ask(
            ChannelId channel, CompletableFuture<Optional<StartTime>> ifNobodyIsThere) {
        return presence.recentUsers(channel)
                .thenCompose(users -> users.isEmpty()
                        ? ifNobodyIsThere
                        : recovery.recover(channel, users).thenApply(this::toStartTime));
    }

    /**
     * Returns whether a phone that asks is likely to be the first in its channel. To have seen it there proves that
     * anybody came, and, when the next token is issued, that the channel was not empty: a lookup is wanted, for which the
     * phone waits only while the budget is free.
     */
    private static boolean isFirstToCome(ChannelState state) {
        return state.call().isOngoing() && !state.isLive();
    }

    /** Returns whether nothing that has to be asked can change the start. */
    private static boolean isSettled(Call call) {
        return call.stage() != Stage.PROVISIONAL && !call.mayBeSuperseded() && !call.hasUndecidedToken();
    }

    private Optional<StartTime> toStartTime(ChannelState state) {
        var call = state.call();
        return call.stage() == Stage.ENDED || call.stage() == Stage.START_UNKNOWN
                ? Optional.empty()
                : Optional.of(new StartTime(
                        clock.toWall(call.safeStart()),
                        call.limit(rules)
                                .map(longest -> clock.toWall(call.safeStart().plus(longest))),
                        clock.toWall(clock.instant())));
    }
}
