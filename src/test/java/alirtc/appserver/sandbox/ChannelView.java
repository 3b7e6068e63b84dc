package alirtc.appserver.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one look at a channel shows.
 *
 * @param exists true for a while after the last user left
 * @param present the users in the order they joined
 * @param at when it was looked at
 * @param skew how far the times that are told run ahead of the true ones
 */
record ChannelView(boolean exists, List<Participant> present, Instant at, Duration skew) {

    ChannelView {
        present = List.copyOf(present);
    }

    Optional<Participant> find(String user) {
        return present.stream().filter(one -> one.user().equals(user)).findFirst();
    }

    /** Returns the time as it is told to callers, in whole seconds. */
    long seconds(Instant instant) {
        return instant.plus(skew).getEpochSecond();
    }

    /** Returns what the fault makes of the view, in whatever form it is sent. */
    ChannelView under(Fault fault) {
        return switch (fault.kind()) {
            case EMPTY -> new ChannelView(exists, List.of(), at, skew);
            case SKEW -> new ChannelView(exists, present, at, fault.amount());
            default -> this;
        };
    }
}
