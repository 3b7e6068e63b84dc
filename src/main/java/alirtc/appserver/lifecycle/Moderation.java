package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Bars.Bar;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.lifecycle.ModerationResult.Verdict;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Does to calls what the operator orders: ends them, puts users out, and has no more tokens issued for a time. Thread-safe;
 * never blocks. Every future is done within {@link UpstreamDispatcher#MAX_WAIT}, and fails with an {@link RtcException} or a
 * {@link alirtc.appserver.registry.RegistryException}; what was ordered may then be done later all the same.
 */
public final class Moderation {
    /** For how long tokens can be barred at the most. */
    public static final Duration MAX_BAR = Duration.ofHours(24);

    private static final FailureReport FAILURES = new FailureReport(LoggerFactory.getLogger(Moderation.class));

    private final CallRegistry calls;
    private final ChannelObserver observer;
    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final SteadyClock clock;
    private final Timers timers;

    /** Builds the only way for the operator to intervene. */
    public Moderation(
            CallRegistry calls, ChannelObserver observer, RtcClient rtc, UpstreamDispatcher upstream, Timers timers) {
        this.calls = calls;
        this.observer = observer;
        this.rtc = rtc;
        this.upstream = upstream;
        this.clock = calls.clock();
        this.timers = timers;
    }

    /**
     * Ends the call in a channel, whether one is known or not, and keeps it ended for as long as a token that was issued
     * before is valid.
     *
     * @param bar for how long no tokens are issued in the channel; first of all, so that nobody comes back meanwhile
     */
    public CompletableFuture<ModerationResult> endCall(ChannelId channel, Optional<Duration> bar) {
        return barred(channel, Optional.empty(), bar, () -> ended(channel));
    }

    /**
     * Puts a user out of a channel. Whoever is put out may join again with a token that was issued before.
     *
     * @param bar for how long no tokens are issued for the user in the channel; first of all, as above
     */
    public CompletableFuture<ModerationResult> removeUser(ChannelId channel, UserId user, Optional<Duration> bar) {
        return barred(channel, Optional.of(user), bar, () -> removed(channel, user));
    }

    private CompletableFuture<ModerationResult> barred(
            ChannelId channel,
            Optional<UserId> user,
            Optional<Duration> bar,
            Supplier<CompletableFuture<Boolean>> act) {
        var until = bar.map(clock.instant()::plus);
        var verdict = until.map(end ->
                        bar(channel, new Bar(user.map(UserId::value).orElse(null), end)))
                .orElseGet(() -> CompletableFuture.completedFuture(Verdict.DONE));
        var result = verdict.thenCompose(barred -> barred != Verdict.DONE
                ? CompletableFuture.completedFuture(new ModerationResult(barred, false, Optional.empty()))
                : act.get().thenApply(found -> new ModerationResult(Verdict.DONE, found, until.map(clock::toWall))));
        // What is under way goes on to its end; whoever ordered it is not kept waiting for that.
        var answer = result.copy();
        timers.timeout(
                answer,
                UpstreamDispatcher.MAX_WAIT,
                () -> new RtcException(Kind.TIMEOUT, "what the operator ordered is not done in time"));
        return answer;
    }

    private CompletableFuture<Verdict> bar(ChannelId channel, Bar bar) {
        return calls.barred(channel, bar).thenApply(state -> {
            if (state.isEmpty()) {
                return Verdict.REGISTRY_FULL;
            }
            return state.get().bars().all().contains(bar) ? Verdict.DONE : Verdict.TOO_MANY_BARS;
        });
    }

    /** Deletes a channel; whether a call was known to be in it. */
    private CompletableFuture<Boolean> ended(ChannelId channel) {
        return calls.current(channel)
                .thenCompose(known -> upstream.submit(Action.DELETE_CHANNEL, Priority.DEADLINE, () -> delete(channel))
                        .answer()
                        .thenCompose(at -> calls.endedByOperator(channel, at))
                        .thenApply(state -> known.filter(ChannelState::isLive).isPresent()));
    }

    /** Deletes a channel, and returns when: tokens that were issued by then are those of the call that ends. */
    private Instant delete(ChannelId channel) throws RtcException {
        var at = clock.instant();
        rtc.delete(channel);
        return at;
    }

    private CompletableFuture<Boolean> removed(ChannelId channel, UserId user) {
        var removed = upstream.submit(Action.REMOVE_USER, Priority.INTERACTIVE, () -> rtc.remove(channel, user))
                .answer();
        // The registry learns soon that the user is out; a failure changes nothing for whoever ordered it.
        var unused = removed.thenAccept(done -> observer.check(channel))
                .whenComplete((checked, failure) ->
                        FAILURES.report("{} is not looked up after a user was put out", channel.value(), failure));
        return removed;
    }
}
