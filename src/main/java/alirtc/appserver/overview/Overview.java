package alirtc.appserver.overview;

import alirtc.appserver.call.CallRecord;
import alirtc.appserver.time.SteadyClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What goes on: samples of the last quarter of an hour, the live calls that began last, and the calls that ended last.
 * Thread-safe.
 */
public final class Overview {
    /** How often a sample is to be taken. */
    public static final Duration INTERVAL = Duration.ofSeconds(15);

    /** How many samples are kept. */
    static final int MAX_SAMPLES = 60;

    private final Sampler sampler;
    private final LiveCalls calls;
    private final Optional<EndedCalls> ended;
    private final SteadyClock clock;
    private final boolean shared;
    private final Deque<Sample> samples = new ArrayDeque<>(MAX_SAMPLES);
    private Sampler.Reading last;

    /**
     * Begins with no samples.
     *
     * @param ended the calls that ended last, if they are on record
     * @param shared whether the live calls are those of all servers that share a registry
     */
    public Overview(Sampler sampler, LiveCalls calls, Optional<EndedCalls> ended, SteadyClock clock, boolean shared) {
        this.sampler = sampler;
        this.calls = calls;
        this.ended = ended;
        this.clock = clock;
        this.shared = shared;
        this.last = sampler.read();
    }

    /** Takes a sample; to be run once in {@link #INTERVAL}. */
    public synchronized void sample() {
        if (samples.size() == MAX_SAMPLES) {
            samples.removeFirst();
        }
        var now = sampler.read();
        samples.addLast(sampler.between(last, now));
        last = now;
    }

    /** Returns the samples, the oldest first, and behind them one of the time since the last. */
    public synchronized List<Sample> samples() {
        var all = new ArrayList<Sample>(samples);
        all.add(sampler.between(last, sampler.read()));
        return all;
    }

    /** Returns the live calls that began last, the newest first. */
    public CompletableFuture<List<LiveCall>> calls() {
        return calls.list();
    }

    /** Returns the calls that ended last, the latest first; nothing unless calls are on record. */
    public CompletableFuture<Optional<List<CallRecord>>> ended() {
        return ended.map(list -> list.list().thenApply(Optional::of))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    /** Returns the clock that calls are counted by. */
    public SteadyClock clock() {
        return clock;
    }

    /** Returns whether the live calls are those of all servers. */
    public boolean isShared() {
        return shared;
    }
}
