package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Occupancy;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.metrics.Metrics.Source;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Answers who is in a channel by events and the last lookup, while events are heard and the budget of lookups is used up.
 * Thread-safe; never blocks.
 */
public final class HeardUsers {
    /** A channel in which everybody speaks, as the published clients know it, and an emptied one. */
    private static final int COMMUNICATION = 1;

    private static final int EMPTIED = 0;

    private final CallRegistry calls;
    private final UpstreamDispatcher upstream;
    private final EventHealth health;
    private final Metrics metrics;
    private final Timers timers;

    /**
     * Builds what answers in place of lookups.
     *
     * @param metrics count the answers
     */
    public HeardUsers(
            CallRegistry calls, UpstreamDispatcher upstream, EventHealth health, Metrics metrics, Timers timers) {
        this.calls = calls;
        this.upstream = upstream;
        this.health = health;
        this.metrics = metrics;
        this.timers = timers;
    }

    /**
     * Returns who is in a channel: by a lookup, or by what events tell if that would have to wait, or has waited for as
     * long as it may.
     */
    CompletableFuture<ChannelUsers> find(ChannelId channel, Supplier<CompletableFuture<ChannelUsers>> lookup) {
        if (!health.isHeard()) {
            return lookup.get();
        }
        if (!upstream.isTight(Action.CHANNEL_USERS)) {
            return inTimeOrHeard(channel, lookup.get());
        }
        return calls.find(channel)
                .thenApply(known -> isKnown(known) ? Optional.of(users(known)) : Optional.<ChannelUsers>empty())
                // A registry that cannot be asked says nothing of who is there.
                .exceptionally(away -> Optional.empty())
                .thenCompose(heard -> heard.map(CompletableFuture::completedFuture)
                        .orElseGet(() -> inTimeOrHeard(channel, lookup.get())));
    }

    private CompletableFuture<ChannelUsers> inTimeOrHeard(ChannelId channel, CompletableFuture<ChannelUsers> lookup) {
        var answer = lookup.copy();
        timers.timeout(answer, Priority.MAX_WAIT, () -> new RtcException(Kind.REJECTED, "the lookup waits too long"));
        return answer.exceptionallyCompose(failure -> isRejection(failure)
                ? calls.find(channel)
                        .thenApply(this::users)
                        .exceptionallyCompose(away -> CompletableFuture.failedFuture(failure))
                : CompletableFuture.failedFuture(failure));
    }

    private static boolean isRejection(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RtcException rejection && !rejection.kind().wasSent();
    }

    /**
     * Returns whether events tell of all who are in a channel: since a lookup has shown it, or since they have been heard
     * for long.
     */
    private boolean isKnown(Optional<ChannelState> known) {
        return health.isHeardForLong()
                || known.filter(state -> state.call().stage() != Stage.PROVISIONAL
                                || state.call().evidence().seen())
                        .filter(state -> !state.occupancy().isFull())
                        .isPresent();
    }

    private ChannelUsers users(Optional<ChannelState> known) {
        metrics.usersRequested(Source.EVENTS);
        var users = List.copyOf(
                known.map(ChannelState::occupancy).orElse(Occupancy.NONE).users());
        return new ChannelUsers(
                UUID.randomUUID().toString(),
                calls.clock().toWall(calls.clock().instant()),
                !users.isEmpty(),
                users.isEmpty() ? EMPTIED : COMMUNICATION,
                users.size(),
                0,
                0,
                users,
                List.of(),
                List.of());
    }
}
