package alirtc.appserver.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The requests that arrived: the last ones in full, all of them by number. Thread-safe. */
final class RequestHistory {
    /** How many requests are kept in full. */
    private static final int KEPT = 10_000;
    /** How many seconds are kept of each action. */
    private static final int KEPT_SECONDS = 7_200;

    private final Lock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<RecordedRequest> requests = new ArrayDeque<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, TreeMap<Instant, Integer>> bySecond = new HashMap<>();

    void add(RecordedRequest request) {
        lock.lock();
        try {
            if (requests.size() == KEPT) {
                requests.removeFirst();
            }
            requests.addLast(request);
            counts.merge(request.action(), 1, Integer::sum);
            var seconds = bySecond.computeIfAbsent(request.action(), action -> new TreeMap<>());
            seconds.merge(request.at().truncatedTo(ChronoUnit.SECONDS), 1, Integer::sum);
            if (seconds.size() > KEPT_SECONDS) {
                seconds.pollFirstEntry();
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns a snapshot of the last requests, the oldest first. */
    List<RecordedRequest> requests() {
        lock.lock();
        try {
            return List.copyOf(requests);
        } finally {
            lock.unlock();
        }
    }

    /** Returns a snapshot of the number of requests by action. */
    Map<String, Integer> counts() {
        lock.lock();
        try {
            return new TreeMap<>(counts);
        } finally {
            lock.unlock();
        }
    }

    /** Returns a snapshot of how many requests for the action arrived in each second that had any. */
    SortedMap<Instant, Integer> bySecond(String action) {
        lock.lock();
        try {
            return new TreeMap<>(bySecond.getOrDefault(action, new TreeMap<>()));
        } finally {
            lock.unlock();
        }
    }

    int count(String action) {
        lock.lock();
        try {
            return counts.getOrDefault(action, 0);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until so many requests for the action have arrived.
     *
     * @throws TimeoutException if they have not within the limit
     */
    void await(String action, int n, Duration limit) throws InterruptedException, TimeoutException {
        lock.lockInterruptibly();
        try {
            var left = limit.toNanos();
            while (count(action) < n) {
                if (left <= 0) {
                    throw new TimeoutException(
                            count(action) + " of " + n + " requests for " + action + " arrived within " + limit);
                }
                left = arrived.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void clear() {
        lock.lock();
        try {
            requests.clear();
            counts.clear();
            bySecond.clear();
        } finally {
            lock.unlock();
        }
    }
}
