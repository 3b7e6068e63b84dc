package alirtc.appserver.rtc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** The calls that wait for their turn: the more urgent first, and in their order. To be used under a lock. */
final class CallQueue {
    private final Map<Urgency, Queue<QueuedCall<?>>> queues = new EnumMap<>(Urgency.class);

    /** Adds a call; one that waits already comes forward if this is more urgent. */
    void add(Urgency urgency, QueuedCall<?> call) {
        // It may stay in a less urgent queue too, and is passed over there once it was taken.
        if (!call.isOver() && !queue(urgency).contains(call)) {
            queue(urgency).add(call);
        }
    }

    /** Returns how many go before one that is added now. */
    int ahead(Urgency urgency) {
        int ahead = 0;
        for (var other : Urgency.values()) {
            if (other.compareTo(urgency) <= 0) {
                ahead += queue(other).size();
            }
        }
        return ahead;
    }

    /** Returns the urgency of the call whose turn is next, if any waits. */
    Optional<Urgency> next() {
        for (var urgency : Urgency.values()) {
            var queue = queue(urgency);
            while (!queue.isEmpty() && queue.element().isOver()) {
                queue.remove();
            }
            if (!queue.isEmpty()) {
                return Optional.of(urgency);
            }
        }
        return Optional.empty();
    }

    /** Takes out the call whose turn is next among those of an urgency. */
    QueuedCall<?> take(Urgency urgency) {
        var call = queue(urgency).remove();
        call.take();
        return call;
    }

    /** Takes out all. */
    List<QueuedCall<?>> takeAll() {
        var all = new ArrayList<QueuedCall<?>>();
        for (var queue : queues.values()) {
            all.addAll(queue);
            queue.clear();
        }
        return all;
    }

    private Queue<QueuedCall<?>> queue(Urgency urgency) {
        return queues.computeIfAbsent(urgency, key -> new ArrayDeque<>());
    }
}
