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
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

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

    /**
     * Builds what answers in place of lookups.
     *
     * @param metrics count the answers
     */
    public HeardUsers(CallRegistry calls, UpstreamDispatcher upstream, EventHealth health, Metrics metrics) {
        this.calls = calls;
        this.upstream = upstream;
        this.health = health;
        this.metrics = metrics;
    }

    /** Returns who is in a channel, if that is known and a lookup would have to wait. */
    CompletableFuture<Optional<ChannelUsers>> find(ChannelId channel) {
        return health.isHeard() && upstream.isTight(Action.CHANNEL_USERS)
                ? calls.findIfPossible(channel)
                        .thenApply(known -> known.filter(HeardUsers::isKnown).map(state -> users(state.occupancy())))
                : CompletableFuture.completedFuture(Optional.empty());
    }

    /** Returns who is in a channel as far as events tell, in place of a lookup that could not be sent. */
    CompletableFuture<ChannelUsers> instead(ChannelId channel, Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return health.isHeard() && cause instanceof RtcException rejection && rejection.kind() == Kind.REJECTED
                ? calls.findIfPossible(channel)
                        .thenApply(known ->
                                users(known.map(ChannelState::occupancy).orElse(Occupancy.NONE)))
                : CompletableFuture.failedFuture(failure);
    }

    /** Returns whether a lookup has shown a channel since its call began, so that events tell the rest. */
    private static boolean isKnown(ChannelState state) {
        var call = state.call();
        return (call.stage() != Stage.PROVISIONAL || call.evidence().seen())
                && !state.occupancy().isFull();
    }

    private ChannelUsers users(Occupancy occupancy) {
        metrics.usersRequested(Source.EVENTS);
        var users = List.copyOf(occupancy.users());
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
