package alirtc.appserver.sandbox;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The faults in force, and the place to wait for them to change. Thread-safe. */
final class ActiveFaults {
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Fault> byAction = new TreeMap<>();
    private Fault general = Fault.NONE;
    private long version;

    /**
     * A fault as it stood at one moment.
     *
     * @param version grows with every change of any fault
     */
    record Active(Fault fault, long version) {}

    /** Sets the fault of every action that has none of its own. */
    void set(Fault fault) {
        change(() -> general = fault);
    }

    /** Sets the fault of one action; {@link Fault#NONE} spares it the general one. */
    void set(Fault fault, String action) {
        change(() -> byAction.put(action, fault));
    }

    void clear() {
        change(() -> {
            general = Fault.NONE;
            byAction.clear();
        });
    }

    Fault general() {
        lock.lock();
        try {
            return general;
        } finally {
            lock.unlock();
        }
    }

    /** Returns a snapshot of the faults that hold for one action only. */
    Map<String, Fault> byAction() {
        lock.lock();
        try {
            return new TreeMap<>(byAction);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits as long as the action's fault wants its answers held back.
     *
     * @return the fault to answer by
     */
    Active settle(String action) throws InterruptedException {
        while (true) {
            var active = of(action);
            switch (active.fault().kind()) {
                case HANG -> awaitChange(active, Duration.ofDays(1));
                case SLOW -> {
                    if (!awaitChange(active, active.fault().amount())) {
                        return active;
                    }
                }
                default -> {
                    return active;
                }
            }
        }
    }

    /** Waits until any fault changes, and says whether one did within the limit. */
    boolean awaitChange(Active seen, Duration limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var left = limit.toNanos();
            while (version == seen.version()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private Active of(String action) {
        lock.lock();
        try {
            // A sandbox that refuses connections refuses them whatever the action would be.
            var fault = general.kind() == FaultKind.REFUSE ? general : byAction.getOrDefault(action, general);
            return new Active(fault, version);
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            version++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
