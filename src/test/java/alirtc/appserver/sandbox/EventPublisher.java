package alirtc.appserver.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of changes in channels for those who subscribed, and has them go wrong as the faults say. Thread-safe;
 * never waits.
 */
final class EventPublisher implements Consumer<ChannelChange> {
    /** How long a channel has to have been closed before it counts as a new one, with a subscription's new terms. */
    private static final Duration FORGET_AFTER = Duration.ofMinutes(20);
    /** How long a message waits for another one to pass it. */
    private static final Duration REORDER_LIMIT = Duration.ofSeconds(2);

    private final Account account;
    private final Subscriptions subscriptions;
    private final CallbackSender sender;
    private final ScheduledExecutorService scheduler;
    private final Map<String, KnownChannel> known = new HashMap<>();
    private final Deque<ClosedChannel> closed = new ArrayDeque<>();
    private final Map<HeldKey, EventMessage> held = new HashMap<>();
    private EventFaults faults = EventFaults.NONE;
    private boolean stopped;

    EventPublisher(
            Account account, Subscriptions subscriptions, CallbackSender sender, ScheduledExecutorService scheduler) {
        this.account = account;
        this.subscriptions = subscriptions;
        this.sender = sender;
        this.scheduler = scheduler;
    }

    private static final class KnownChannel {
        final long generation;
        long events;

        @Nullable
        Instant closedAt;

        KnownChannel(long generation) {
            this.generation = generation;
        }
    }

    private record ClosedChannel(String name, Instant at) {}

    private record HeldKey(String subscription, String channel) {}

    /** Sends a message of the change to each subscription that it matches. */
    @Override
    public synchronized void accept(ChannelChange change) {
        forgetClosed(change.at());
        var channel = known.computeIfAbsent(change.channel(), name -> new KnownChannel(subscriptions.generation()));
        channel.closedAt = change instanceof ChannelChange.Closed ? change.at() : null;
        if (channel.closedAt != null) {
            closed.add(new ClosedChannel(change.channel(), change.at()));
        }
        channel.events++;
        for (var target : subscriptions.targets(change, channel.generation)) {
            var draws = faults.draws(
                    change.channel(), channel.events, target.subscription().number());
            publish(
                    new EventMessage(
                            EventMessage.newId(),
                            account,
                            target.subscription().id(),
                            target.terms().callbackUrl(),
                            change,
                            faults.upperCaseIds()),
                    draws);
        }
    }

    synchronized EventFaults faults() {
        return faults;
    }

    /** Sets what becomes of the messages of later events. */
    synchronized void set(EventFaults others) {
        faults = others;
    }

    /** Forgets channels, and messages that wait for another one to pass them. */
    synchronized void clear() {
        known.clear();
        closed.clear();
        held.clear();
    }

    /** Ends the scheduling of messages. */
    synchronized void stop() {
        stopped = true;
    }

    private void publish(EventMessage message, EventFaults.Draws draws) {
        var omitted = draws.strikes(EventFaultKind.OMIT);
        var repeated = draws.strikes(EventFaultKind.REPEAT);
        var duplicated = draws.strikes(EventFaultKind.DUPLICATE);
        var reordered = draws.strikes(EventFaultKind.REORDER);
        if (omitted) {
            return;
        }
        // Each copy has draws of its own, whether or not there are others.
        var first = draws.split();
        var second = draws.split();
        var third = draws.split();
        deliver(message, first, reordered);
        if (repeated) {
            deliver(message, second, false);
        }
        if (duplicated) {
            deliver(message.withNewId(), third, false);
        }
    }

    private void deliver(EventMessage message, EventFaults.Draws draws, boolean reordered) {
        var lost = draws.strikes(EventFaultKind.LOSE);
        var delay = draws.delay();
        if (lost) {
            sender.lose(message);
        } else if (delay.isZero()) {
            passOn(message, reordered);
        } else {
            later(delay, () -> sender.send(message));
        }
    }

    /** Sends the message, and the one that was held back for it; or holds it back for the next one. */
    private void passOn(EventMessage message, boolean reordered) {
        var key = new HeldKey(message.subscription(), message.change().channel());
        var before = held.remove(key);
        if (before == null && reordered) {
            held.put(key, message);
            later(REORDER_LIMIT, () -> release(key, message));
            return;
        }
        sender.send(message);
        if (before != null) {
            sender.send(before);
        }
    }

    private synchronized void release(HeldKey key, EventMessage message) {
        if (held.remove(key, message)) {
            sender.send(message);
        }
    }

    private void later(Duration delay, Runnable task) {
        if (!stopped) {
            var unused = scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void forgetClosed(Instant now) {
        for (var next = closed.peek();
                next != null && !now.isBefore(next.at().plus(FORGET_AFTER));
                next = closed.peek()) {
            closed.remove();
            var channel = known.get(next.name());
            if (channel != null && next.at().equals(channel.closedAt)) {
                known.remove(next.name());
            }
        }
    }
}
