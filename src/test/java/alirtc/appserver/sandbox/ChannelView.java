package alirtc.appserver.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one lookup of a channel shows.
 *
 * @param exists true for a while after the last user left
 * @param present the users in the order they joined
 * @param at when the lookup took place
 * @param skew how far the told times run ahead of the true ones
 */
record ChannelView(boolean exists, List<Participant> present, Instant at, Duration skew) {

    ChannelView {
        present = List.copyOf(present);
    }

    Optional<Participant> find(String user) {
        return present.stream().filter(one -> one.user().equals(user)).findFirst();
    }

    /** Returns the time as clients are told it, in whole seconds. */
    long seconds(Instant instant) {
        return instant.plus(skew).getEpochSecond();
    }

    /** Returns the view as the fault distorts it. */
    ChannelView under(Fault fault) {
        return switch (fault.kind()) {
            case EMPTY -> new ChannelView(exists, List.of(), at, skew);
            case SKEW -> new ChannelView(exists, present, at, fault.amount());
            default -> this;
        };
    }
}
