package alirtc.appserver.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of a channel from one state to the next. Immutable.
 *
 * @param after the next state; none if the channel is forgotten
 * @param notices what is to be told of it, in its order; nothing while calls are not on record
 */
public record Transition(@Nullable ChannelState after, List<CallNotice> notices) {

    /** Copies the list in. */
    public Transition {
        notices = List.copyOf(notices);
    }

    /** Returns a step of which nothing is told. */
    public static Transition silent(@Nullable ChannelState after) {
        return new Transition(after, List.of());
    }
}
