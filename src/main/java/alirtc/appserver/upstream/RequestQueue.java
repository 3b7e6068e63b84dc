package alirtc.appserver.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * The requests for one action that wait for their turn: by priority, and in their order. Each priority below the phones'
 * has its share of the turns, so that it is never starved. To be used under a lock.
 */
final class RequestQueue {
    private final Map<Priority, Queue<QueuedRequest<?>>> queues = new EnumMap<>(Priority.class);
    private final Map<Priority, Integer> passedOver = new EnumMap<>(Priority.class);

    RequestQueue() {
        for (var priority : Priority.values()) {
            queues.put(priority, new ArrayDeque<>());
            passedOver.put(priority, 0);
        }
    }

    /** Adds a request at its priority. */
    void add(QueuedRequest<?> request) {
        queue(request.priority()).add(request);
    }

    /** Moves a request that still waits forward, if the priority is higher than its own. */
    void raise(QueuedRequest<?> request, Priority priority) {
        if (!request.isOver() && priority.compareTo(request.priority()) < 0) {
            // It stays in its old queue too, and is passed over there.
            request.raiseTo(priority);
            add(request);
        }
    }

    /** Returns how many go before one that is added now, shares aside. */
    int ahead(Priority priority) {
        int ahead = 0;
        for (var other : Priority.values()) {
            if (other.compareTo(priority) <= 0) {
                ahead += queue(other).size();
            }
        }
        return ahead;
    }

    /** Returns whether nothing waits. */
    boolean isEmpty() {
        return first(Priority.KEEP_ENDED).isEmpty();
    }

    /** Returns the priority of the request whose turn is next among those of at least a priority, if any waits. */
    Optional<Priority> next(Priority lowest) {
        var first = first(lowest);
        if (first.isPresent() && first.get() != Priority.DEADLINE) {
            for (var priority : Priority.values()) {
                if (priority.compareTo(lowest) <= 0
                        && priority.share() > 0
                        && passedOver.getOrDefault(priority, 0) >= priority.share() - 1
                        && hasWaiting(priority)) {
                    return Optional.of(priority);
                }
            }
        }
        return first;
    }

    private Optional<Priority> first(Priority lowest) {
        for (var priority : Priority.values()) {
            if (priority.compareTo(lowest) <= 0 && hasWaiting(priority)) {
                return Optional.of(priority);
            }
        }
        return Optional.empty();
    }

    private boolean hasWaiting(Priority priority) {
        var queue = queue(priority);
        while (!queue.isEmpty() && (queue.element().isOver() || queue.element().priority() != priority)) {
            queue.remove();
        }
        return !queue.isEmpty();
    }

    /** Takes out the request whose turn is next among those of a priority. */
    QueuedRequest<?> take(Priority taken) {
        var request = queue(taken).remove();
        request.take();
        for (var priority : Priority.values()) {
            passedOver.merge(priority, 1, Integer::sum);
        }
        passedOver.put(taken, 0);
        return request;
    }

    /** Takes out all. */
    List<QueuedRequest<?>> takeAll() {
        var all = new ArrayList<QueuedRequest<?>>();
        for (var queue : queues.values()) {
            queue.stream().filter(request -> !request.isOver()).forEach(all::add);
            queue.clear();
        }
        return all;
    }

    private Queue<QueuedRequest<?>> queue(Priority priority) {
        var queue = queues.get(priority);
        if (queue == null) {
            throw new IllegalStateException("Every priority has a queue");
        }
        return queue;
    }
}
