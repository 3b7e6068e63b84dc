package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.registry.CallRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Takes in what the cloud tells of its own accord. An event is evidence, not an order: one that empties a channel makes one
 * lookup, which has to agree. Thread-safe; never blocks.
 */
public final class EventInbox {
    private final CallRegistry calls;
    private final ChannelPresence presence;
    private final ChannelObserver observer;
    private final Metrics metrics;

    /**
     * Builds the only way for events to come in.
     *
     * @param metrics count them
     */
    public EventInbox(CallRegistry calls, ChannelPresence presence, ChannelObserver observer, Metrics metrics) {
        this.calls = calls;
        this.presence = presence;
        this.observer = observer;
        this.metrics = metrics;
        metrics.expectEvents(Kind.values());
    }

    /**
     * Takes events in, in their order.
     *
     * @return done when the registry has learned from all; a {@link alirtc.appserver.registry.RegistryException} if it
     *     cannot
     */
    public CompletableFuture<?> take(List<ChannelEvent> events) {
        CompletableFuture<?> taken = CompletableFuture.completedFuture(events);
        for (var event : events) {
            taken = taken.thenCompose(before -> take(event));
        }
        return taken;
    }

    private CompletableFuture<?> take(ChannelEvent event) {
        presence.dropAnswer(event.channel());
        return calls.told(event).thenApply(news -> {
            metrics.eventTaken(event.kind(), news.isPresent());
            news.filter(state -> wantsLookup(event, state)).ifPresent(state -> observer.confirm(state.channel()));
            return news;
        });
    }

    /** Returns whether an event suggests what a lookup has to confirm: a call's end, or people where nobody was. */
    private static boolean wantsLookup(ChannelEvent event, ChannelState state) {
        return event.kind() == Kind.JOIN ? state.call().stage() == Stage.OVER : state.isEmptiedByEvent();
    }
}
