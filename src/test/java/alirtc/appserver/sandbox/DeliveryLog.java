package alirtc.appserver.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** What became of the messages: the last ones in full, all of them by number. Thread-safe. */
final class DeliveryLog {
    /** How many deliveries are kept at least. The cloud keeps those of seven days; a test has no room for so many. */
    private static final int KEPT = 100_000;

    private final InstantSource clock;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** In the order of their times. Bodies are made when they are asked for: most never are. */
    private final List<Entry> entries = new ArrayList<>();

    private long total;
    private int underWay;

    DeliveryLog(InstantSource clock) {
        this.clock = clock;
    }

    private record Entry(EventMessage message, int code, Duration cost, Instant at) {

        Delivery toDelivery() {
            return new Delivery(
                    message.id(),
                    message.subscription(),
                    message.callbackUrl().toString(),
                    message.body(),
                    code,
                    cost,
                    at);
        }
    }

    /**
     * Some deliveries of a time.
     *
     * @param hasMore whether more of that time follow
     */
    record Page(List<Delivery> deliveries, boolean hasMore) {
        Page {
            deliveries = List.copyOf(deliveries);
        }
    }

    /** Counts a message as under way until its outcome is added. */
    void begin() {
        lock.lock();
        try {
            underWay++;
        } finally {
            lock.unlock();
        }
    }

    /** Adds the outcome of a message that was under way. */
    void end(EventMessage message, int code, Duration cost) {
        lock.lock();
        try {
            underWay--;
            // The clock of a test may be set back; the log's order is what pages are cut by.
            var now = clock.instant();
            var last = entries.isEmpty() ? now : entries.get(entries.size() - 1).at();
            entries.add(new Entry(message, code, cost, now.isBefore(last) ? last : now));
            if (entries.size() >= 2 * KEPT) {
                entries.subList(0, KEPT).clear();
            }
            total++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns a snapshot of the last deliveries, the oldest first. */
    List<Delivery> last(int n) {
        lock.lock();
        try {
            return entries.subList(Math.max(0, entries.size() - n), entries.size()).stream()
                    .map(Entry::toDelivery)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns a page of the deliveries of a time, the oldest first.
     *
     * @param subscription whose; empty for all
     * @param from the first moment
     * @param until the first moment after the last
     * @param number from 1
     */
    Page page(String subscription, Instant from, Instant until, int number, int size) {
        lock.lock();
        try {
            var found = entries.subList(firstFrom(from), Math.max(firstFrom(from), firstFrom(until))).stream()
                    .filter(entry -> subscription.isEmpty()
                            || entry.message().subscription().equals(subscription))
                    .skip((number - 1L) * size)
                    .limit(size + 1L)
                    .toList();
            return new Page(found.stream().limit(size).map(Entry::toDelivery).toList(), found.size() > size);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until so many messages have been delivered or lost since the start or reset.
     *
     * @throws TimeoutException if they have not within the limit
     */
    void await(int n, Duration limit) throws InterruptedException, TimeoutException {
        await(() -> total >= n, n + " deliveries", limit);
    }

    /**
     * Waits until no message is under way.
     *
     * @throws TimeoutException if one is still, after the limit
     */
    void awaitIdle(Duration limit) throws InterruptedException, TimeoutException {
        await(() -> underWay == 0, "all deliveries", limit);
    }

    void clear() {
        lock.lock();
        try {
            entries.clear();
            total = 0;
        } finally {
            lock.unlock();
        }
    }

    private void await(BooleanSupplier holds, String what, Duration limit)
            throws InterruptedException, TimeoutException {
        lock.lockInterruptibly();
        try {
            var left = limit.toNanos();
            while (!holds.getAsBoolean()) {
                if (left <= 0) {
                    throw new TimeoutException(
                            "waited " + limit + " for " + what + ": " + total + " done, " + underWay + " under way");
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the index of the first entry that is not before the moment. */
    private int firstFrom(Instant moment) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).at().isBefore(moment)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
