package alirtc.appserver.registry;

import alirtc.appserver.call.CallNotice;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Transition;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the states of channels are kept, each with the times at which something has to be done about it. Holds no more
 * than it may: a channel that does not fit is not kept, and never pushes out one in which somebody was seen.
 *
 * <p>Thread-safe; never blocks its callers. A future may be done when it is returned; it fails with a
 * {@link RegistryException} if the store cannot be asked just now. What depends on it runs on the caller's thread or on
 * one of the store's, and must not block.
 */
public interface CallStore extends AutoCloseable {

    /**
     * The result of a change.
     *
     * @param before the state before it, if there was one
     * @param after the state that is kept now, if one is
     * @param notices what is to be told of it
     */
    record Change(@Nullable ChannelState before, @Nullable ChannelState after, List<CallNotice> notices) {}

    /** Returns the clock that calls are counted by; it never steps. */
    SteadyClock clock();

    /** Returns this store by a way of its own, for what has to be done in time however many phones ask. */
    default CallStore upkeep() {
        return this;
    }

    /** Returns the state of a channel, if one is known; perhaps the latest that was known while none can be asked. */
    CompletableFuture<Optional<ChannelState>> find(ChannelId channel);

    /** Returns the state of a channel, if there is one, as it is right now. */
    default CompletableFuture<Optional<ChannelState>> current(ChannelId channel) {
        return find(channel);
    }

    /**
     * Takes the state of a channel one step further, as if nothing else happened meanwhile.
     *
     * @param step returns the next state, from none and to none too, and what is to be told of it, which is written down
     *     with it; called again if the state has changed meanwhile
     */
    CompletableFuture<Change> change(ChannelId channel, Function<@Nullable ChannelState, Transition> step);

    /**
     * Returns channels in whose calls people are believed to be, in no order: all of them, if there are no more than asked
     * for. One whose state changes meanwhile may be missing.
     *
     * @param max how many at most
     */
    CompletableFuture<List<ChannelState>> live(int max);

    /** Takes out channels about which something has to be done now; one may come twice, and not all need come at once. */
    CompletableFuture<List<ChannelState>> due();

    /** Records that a channel that was taken out could not be attended to, so that it comes again. */
    void reschedule(ChannelState state);

    /**
     * How many channels are kept.
     *
     * @param channels all of them
     * @param live those in whose calls people are believed to be
     * @param keptEnded those whose calls were ended at their limit
     */
    record Counts(long channels, long live, long keptEnded) {}

    /** Returns how many channels are kept, or were a few seconds ago; costs nothing. */
    Counts counts();

    /** Returns whether the store can be asked, as far as is known; costs nothing. */
    boolean isReachable();

    /** Ends its threads and closes its connections. */
    @Override
    void close();
}
