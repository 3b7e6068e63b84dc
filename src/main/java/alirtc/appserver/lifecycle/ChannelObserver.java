package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Priority;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Has channels observed, and recovers the start of a call that was there before it was known. The registry learns from
 * every observation. Thread-safe; never blocks.
 */
public final class ChannelObserver {
    private final CallRegistry calls;
    private final ChannelPresence presence;
    private final StartTimeRecovery recovery;

    /** Builds the only way to have a channel observed. */
    public ChannelObserver(CallRegistry calls, ChannelPresence presence, StartTimeRecovery recovery) {
        this.calls = calls;
        this.presence = presence;
        this.recovery = recovery;
    }

    /** Starts a lookup of a channel for a recorded token, or makes the one in flight its check; returns at once. */
    void check(ChannelId channel, Instant tokenAt) {
        // Whoever started the lookup in flight sees to it that its answer is followed up.
        if (!presence.joins(channel, tokenAt)) {
            // Nobody waits: the registry records a failure, and the channel is observed again.
            var unused = observe(channel, Priority.CHECK, Optional.of(tokenAt));
        }
    }

    /** Starts a lookup of a channel for those who found every seat taken; returns at once. */
    void observeForRoom(ChannelId channel) {
        // Nobody waits: the registry records a failure, and the channel is observed again.
        var unused = observe(channel, Priority.CHECK, Optional.empty());
    }

    /**
     * Observes a channel and, if its call was there before it was known, asks those in it since when.
     *
     * @param tokenAt the token to be checked by it, if it is for one
     * @return done when the registry has learned; fails as lookups and the registry do
     */
    CompletableFuture<?> observe(ChannelId channel, Priority priority, Optional<Instant> tokenAt) {
        return presence.lookUp(channel, priority, tokenAt).thenCompose(users -> recoverIfUnknown(channel, users));
    }

    private CompletableFuture<?> recoverIfUnknown(ChannelId channel, ChannelUsers users) {
        if (users.isEmpty()) {
            return CompletableFuture.completedFuture(users);
        }
        return calls.find(channel)
                .thenCompose(state -> state.filter(known -> known.call().stage() == Stage.PROVISIONAL)
                        .<CompletableFuture<?>>map(unknown -> recovery.recover(channel, users))
                        .orElseGet(() -> CompletableFuture.completedFuture(users)));
    }
}
