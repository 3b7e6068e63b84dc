package alirtc.appserver.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The events that the sandbox tells its subscribers of, and how they go wrong. Thread-safe. */
public final class Callbacks {
    private final Subscriptions subscriptions;
    private final EventPublisher publisher;
    private final DeliveryLog log;

    Callbacks(Subscriptions subscriptions, EventPublisher publisher, DeliveryLog log) {
        this.subscriptions = subscriptions;
        this.publisher = publisher;
        this.log = log;
    }

    /**
     * A subscription as it is now.
     *
     * @param channel the one channel that it is about, or {@code *} for all
     * @param events the kinds of events
     */
    public record Subscriber(String id, String callbackUrl, String channel, List<String> events) {
        /** Copies the list in. */
        public Subscriber {
            events = List.copyOf(events);
        }
    }

    /** Returns a snapshot of the subscriptions, the oldest first. */
    public List<Subscriber> subscribers() {
        return subscriptions.all().stream()
                .map(one -> new Subscriber(
                        one.id(),
                        one.terms().callbackUrl().toString(),
                        one.terms().channel(),
                        one.terms().events()))
                .toList();
    }

    /** Deletes all subscriptions, as an operator might in the cloud's console. */
    public void deleteSubscriptions() {
        subscriptions.deleteAll();
    }

    /** Returns how messages go wrong. */
    public EventFaults faults() {
        return publisher.faults();
    }

    /** Sets how messages of later events go wrong. */
    public void set(EventFaults faults) {
        publisher.set(faults);
    }

    /** Returns a snapshot of the last deliveries, at most so many, the oldest first. */
    public List<Delivery> lastDeliveries(int n) {
        return log.last(n);
    }

    /**
     * Waits until so many messages have been delivered or lost since the start or reset.
     *
     * @throws TimeoutException if they have not within the limit
     */
    public void awaitDeliveries(int n, Duration limit) throws InterruptedException, TimeoutException {
        log.await(n, limit);
    }

    /**
     * Waits until no message is on its way. Those that a fault delays are not, until their time comes.
     *
     * @throws TimeoutException if one is still, after the limit
     */
    public void awaitIdle(Duration limit) throws InterruptedException, TimeoutException {
        log.awaitIdle(limit);
    }

    /** Ends the faults and forgets channels and deliveries; subscriptions stay, as they do in the cloud. */
    void reset() {
        publisher.set(EventFaults.NONE);
        publisher.clear();
        log.clear();
    }
}
