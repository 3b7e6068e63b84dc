package alirtc.appserver.lifecycle;

import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Priority;
import java.util.concurrent.CompletableFuture;

/**
 * Has channels observed, and recovers the start of a call that was there before it was known. The registry learns from
 * every observation. Thread-safe; never blocks.
 */
public final class ChannelObserver {
    private final ChannelPresence presence;
    private final StartTimeRecovery recovery;

    /** Builds the only way to have a channel observed. */
    public ChannelObserver(ChannelPresence presence, StartTimeRecovery recovery) {
        this.presence = presence;
        this.recovery = recovery;
    }

    /**
     * Starts a lookup of a channel for a token that was recorded; returns at once. A lookup that waits to be sent already
     * answers for this token, too.
     */
    void check(ChannelId channel) {
        // Nobody waits: the registry records a failure, and the channel is observed again.
        var unused = presence.lookUp(channel, Priority.CHECK);
    }

    /** Starts a lookup of a channel that has to confirm what an event told; returns at once. */
    void confirm(ChannelId channel) {
        // Nobody waits: the registry records a failure, and the channel is observed again.
        var unused = presence.lookUp(channel, Priority.CONFIRMATION);
    }

    /**
     * Looks a channel up.
     *
     * @return done when the registry has learned; fails as lookups do
     */
    CompletableFuture<ChannelUsers> lookUp(ChannelId channel, Priority priority) {
        return presence.lookUp(channel, priority);
    }

    /**
     * Observes a channel and, if its call was there before it was known, asks those in it since when.
     *
     * @return done when the registry has learned; fails as lookups do
     */
    CompletableFuture<?> observe(ChannelId channel, Priority priority) {
        return presence.lookUp(channel, priority).thenCompose(users -> recovery.running(channel));
    }
}
