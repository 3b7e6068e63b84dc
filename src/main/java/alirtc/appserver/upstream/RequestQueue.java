package alirtc.appserver.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** The calls that wait for their turn: the more urgent first, and in their order. To be used under a lock. */
final class RequestQueue {
    private final Map<Priority, Queue<QueuedRequest<?>>> queues = new EnumMap<>(Priority.class);

    /** Adds a request; one that waits already comes forward if this is more urgent. */
    void add(Priority priority, QueuedRequest<?> request) {
        // It may stay in a less urgent queue too, and is passed over there once it was taken.
        if (!request.isOver() && !queue(priority).contains(request)) {
            queue(priority).add(request);
        }
    }

    /** Returns how many go before one that is added now. */
    int ahead(Priority priority) {
        int ahead = 0;
        for (var other : Priority.values()) {
            if (other.compareTo(priority) <= 0) {
                ahead += queue(other).size();
            }
        }
        return ahead;
    }

    /** Returns the priority of the call whose turn is next, if any waits. */
    Optional<Priority> next() {
        for (var priority : Priority.values()) {
            var queue = queue(priority);
            while (!queue.isEmpty() && queue.element().isOver()) {
                queue.remove();
            }
            if (!queue.isEmpty()) {
                return Optional.of(priority);
            }
        }
        return Optional.empty();
    }

    /** Takes out the call whose turn is next among those of a priority. */
    QueuedRequest<?> take(Priority priority) {
        var request = queue(priority).remove();
        request.take();
        return request;
    }

    /** Takes out all. */
    List<QueuedRequest<?>> takeAll() {
        var all = new ArrayList<QueuedRequest<?>>();
        for (var queue : queues.values()) {
            all.addAll(queue);
            queue.clear();
        }
        return all;
    }

    private Queue<QueuedRequest<?>> queue(Priority priority) {
        return queues.computeIfAbsent(priority, key -> new ArrayDeque<>());
    }
}
