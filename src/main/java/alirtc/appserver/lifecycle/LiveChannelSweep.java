package alirtc.appserver.lifecycle;

import alirtc.appserver.call.ChannelState;
import alirtc.appserver.openapi.LiveChannels;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.registry.CallStore;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which calls go on without an observation of each: by the cloud's list of live channels, one request for a hundred,
 * where the product has it, else by events. A channel that is missing from the list is observed like any other: the list
 * changes while its pages are read, so that it ends nothing. Thread-safe; never blocks.
 */
public final class LiveChannelSweep {
    /** How often the list is read. */
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    /** How long a list counts from the moment at which it was begun: two may fail. */
    private static final Duration VALID_FOR = INTERVAL.multipliedBy(3);

    private static final Logger LOG = LoggerFactory.getLogger(LiveChannelSweep.class);

    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final CallStore store;
    private final Predicate<ChannelState> heard;
    private volatile Sweep latest = new Sweep(Instant.MIN, Set.of());
    private volatile boolean failing;

    /**
     * One reading of the whole list.
     *
     * @param begunAt when its first page was asked for, by the steady clock
     * @param channels those on its pages
     */
    private record Sweep(Instant begunAt, Set<ChannelId> channels) {}

    /**
     * Begins without a list.
     *
     * @param heard returns whether events will tell of a call's end
     */
    public LiveChannelSweep(
            RtcClient rtc, UpstreamDispatcher upstream, CallStore store, Predicate<ChannelState> heard) {
        this.rtc = rtc;
        this.upstream = upstream;
        this.store = store;
        this.heard = heard;
    }

    /** Returns whether a call is known to go on, so that it need not be observed yet. */
    public boolean isKnownToGoOn(ChannelState state) {
        if (!state.isSettled()) {
            return false;
        }
        var sweep = latest;
        boolean valid = sweep.begunAt().isAfter(now().minus(VALID_FOR));
        if (valid && sweep.channels().contains(state.channel())) {
            return true;
        }
        boolean missing = valid && state.call().evidence().observedAt().isBefore(sweep.begunAt());
        return !missing && heard.test(state);
    }

    /** Reads the list, if there are calls; done when it is read, and does not fail. */
    public CompletableFuture<?> run() {
        if (!rtc.listsLiveChannels() || store.counts().live() == 0) {
            return CompletableFuture.completedFuture(latest);
        }
        var begunAt = now();
        return read(1, new HashSet<>()).handle((channels, failure) -> {
            if (failure == null) {
                latest = new Sweep(begunAt, channels);
            } else if (!failing) {
                LOG.warn(
                        "The list of live channels cannot be read, so that channels are looked up one by one: {}",
                        failure.getMessage());
            }
            failing = failure != null;
            return latest;
        });
    }

    private CompletableFuture<Set<ChannelId>> read(int page, Set<ChannelId> channels) {
        return upstream.submit(Action.LIVE_CHANNELS, Priority.POLL, () -> rtc.liveChannels(page))
                .answer()
                .thenCompose(read -> {
                    channels.addAll(read.channels());
                    return page * LiveChannels.PAGE_SIZE < read.total()
                            ? read(page + 1, channels)
                            : CompletableFuture.completedFuture(Set.copyOf(channels));
                });
    }

    private Instant now() {
        return store.clock().instant();
    }
}
