package alirtc.appserver.overview;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.registry.CallStore;
import alirtc.appserver.registry.NewestCalls;
import alirtc.appserver.token.ChannelId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The live calls that began last. However many look at them, the store is asked once a second at the most, and for no more
 * channels than are shown. Thread-safe; never blocks.
 */
public final class LiveCalls {
    /** How many are shown. */
    static final int MAX = 100;

    private final CallStore store;
    private final NewestCalls newest;
    private final CallRules rules;
    private final Remembered<List<LiveCall>> latest;

    /**
     * Builds the list.
     *
     * @param newest which channels may be on it
     * @param rules what ends a call
     */
    public LiveCalls(CallStore store, NewestCalls newest, CallRules rules) {
        this.store = store;
        this.newest = newest;
        this.rules = rules;
        this.latest = new Remembered<>(store.clock(), List.of(), this::read);
    }

    /** Returns the calls, the newest first, as they are or were a second ago; without those that the store cannot tell. */
    CompletableFuture<List<LiveCall>> list() {
        return latest.get();
    }

    private CompletableFuture<List<LiveCall>> read() {
        var now = store.clock().instant();
        var asked = newest.first(MAX).stream().map(this::find).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(all -> asked.stream()
                        .flatMap(found -> found.join().stream())
                        .map(state -> LiveCall.of(state, rules, now))
                        .toList());
    }

    private CompletableFuture<Optional<ChannelState>> find(ChannelId channel) {
        return store.find(channel)
                .thenApply(known -> {
                    var live = known.filter(ChannelState::isLive);
                    if (live.isEmpty()) {
                        // Another server saw its end.
                        newest.forget(channel);
                    }
                    return live;
                })
                .exceptionally(failure -> Optional.empty());
    }
}
