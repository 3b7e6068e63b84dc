package alirtc.appserver.web;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a few be worked on at a time. Others wait for their turns in the order in which they came, and hold no thread
 * meanwhile, but memory: no more wait than there are places. Thread-safe; never blocks.
 */
final class Turns {
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    private final Semaphore free;
    private final Semaphore places;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /**
     * Builds a place where nobody waits.
     *
     * @param count how many turns there are at a time; at least 1
     * @param places how many may wait for one
     */
    Turns(int count, int places) {
        this.free = new Semaphore(count);
        this.places = new Semaphore(places);
    }

    /** Takes a turn, unless none is free or others wait for one; returns whether it did. */
    boolean tryTake() {
        return waiting.isEmpty() && free.tryAcquire();
    }

    /**
     * Waits for a turn, unless no place is free; returns whether it does.
     *
     * @param waiter gives, once a place is taken, what is run once, with the turn taken, on the thread of whoever gives one
     *     back; that must not last. If it throws, the turn is given back; if this throws, the place
     */
    boolean tryAwait(Supplier<Runnable> waiter) {
        if (!places.tryAcquire()) {
            return false;
        }
        boolean waits = false;
        try {
            waits = waiting.add(waiter.get());
        } finally {
            if (!waits) {
                places.release();
            }
        }
        handOn();
        return true;
    }

    /** Gives a turn back. */
    void giveBack() {
        free.release();
        handOn();
    }

    private void handOn() {
        while (!waiting.isEmpty() && free.tryAcquire()) {
            var next = waiting.poll();
            if (next == null) {
                free.release();
            } else {
                places.release();
                go(next);
            }
        }
    }

    private void go(Runnable next) {
        boolean gone = false;
        try {
            next.run();
            gone = true;
        } catch (RuntimeException e) {
            LOG.debug("A request that waited for its turn cannot go on", e);
        } finally {
            if (!gone) {
                free.release();
            }
        }
    }
}
