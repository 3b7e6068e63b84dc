package alirtc.appserver.registry;

import alirtc.appserver.call.Call;
import alirtc.appserver.token.ChannelId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the live calls are kept, one a channel, each with the times at which something has to be done about it. Holds no
 * more than it may: a call that does not fit is not kept, and never pushes out another. Thread-safe; every method may
 * fail with a {@link RegistryException}.
 */
interface CallStore {

    /**
     * What came of a change.
     *
     * @param before the call before it, if there was one
     * @param after the call that is kept now, if one is
     */
    record Change(@Nullable Call before, @Nullable Call after) {}

    /** Returns the call in a channel, if one is known. */
    Optional<Call> find(ChannelId channel);

    /**
     * Takes the call in a channel one step further, as if nothing else happened meanwhile.
     *
     * @param step returns the next state of a call, from none and to none too; taken anew if the call has changed
     */
    Change change(ChannelId channel, Function<@Nullable Call, @Nullable Call> step);

    /** Takes out calls about which something has to be done by a time; one may come twice, and not all need come at once. */
    List<Call> due(Instant now);

    /** Takes note that a call that was taken out could not be attended to, so that it comes again. */
    void reschedule(Call call, Instant now);

    /** Returns how many calls are kept. */
    long size();
}
