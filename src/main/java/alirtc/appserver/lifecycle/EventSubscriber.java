package alirtc.appserver.lifecycle;

import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the cloud tell this server of events: subscribes at start, and again while events do not come; reads what was
 * missed from the cloud's log, where it keeps one. The subscription stays when the server stops, for other servers and
 * for the next start. Thread-safe; never blocks.
 */
public final class EventSubscriber {
    /** How often it is made sure that there is a subscription, while that is not known or events do not come. */
    static final Duration INTERVAL = Duration.ofMinutes(1);

    /** How far back the log is read at start: a restart takes less. */
    private static final Duration READ_AT_START = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(EventSubscriber.class);

    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final Address address;
    private final EventInbox inbox;
    private final EventHealth health;
    private final SteadyClock clock;
    private final Timers timers;
    private volatile Optional<String> subscription = Optional.empty();
    private volatile String lastFailure = "";

    /**
     * Where the cloud is to tell of events.
     *
     * @param callback the whole address, which holds a secret
     * @param owner how the addresses of all subscriptions of this server and others like it begin; holds no secret
     */
    public record Address(URI callback, URI owner) {}

    /**
     * Prepares a subscription; nothing is sent yet.
     *
     * @param inbox takes in what the log tells
     * @param clock a clock that never steps
     */
    public EventSubscriber(
            RtcClient rtc,
            UpstreamDispatcher upstream,
            Address address,
            EventInbox inbox,
            EventHealth health,
            SteadyClock clock,
            Timers timers) {
        this.rtc = rtc;
        this.upstream = upstream;
        this.address = address;
        this.inbox = inbox;
        this.health = health;
        this.clock = clock;
        this.timers = timers;
    }

    /** Subscribes, and goes on making sure that there is a subscription. */
    public void start() {
        health.onHealed(this::readLog);
        subscribe();
        timers.every(INTERVAL, () -> {
            if (subscription.isEmpty() || health.isSilent()) {
                subscribe();
            }
        });
    }

    private void subscribe() {
        // The stage reports a failure itself, and the next round tries again.
        var unused = upstream.submit(
                        Action.SUBSCRIPTION, Priority.CHECK, () -> rtc.subscribe(address.callback(), address.owner()))
                .answer()
                .whenComplete(this::subscribed);
    }

    private void subscribed(@Nullable String id, @Nullable Throwable failure) {
        if (id == null) {
            reportOnce(failure);
            return;
        }
        lastFailure = "";
        var found = Optional.of(id);
        if (!found.equals(subscription)) {
            subscription = found;
            LOG.info("The cloud tells {} of events, by subscription {}", address.owner(), id);
            readLog(clock.instant().minus(READ_AT_START));
        }
    }

    private void reportOnce(@Nullable Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        var reason = cause == null ? "no answer" : String.valueOf(cause.getMessage());
        // The cloud's request ids differ each time.
        var kind = reason.replaceAll("[0-9A-F-]{20,}", "");
        if (!kind.equals(lastFailure)) {
            lastFailure = kind;
            LOG.warn("Events cannot be subscribed to, which is tried every minute: {}", reason);
        }
    }

    /** Takes in what the cloud told, or tried to, since a time. */
    private void readLog(Instant since) {
        var id = subscription;
        if (id.isEmpty() || !rtc.keepsEventLog()) {
            return;
        }
        var from = clock.toWall(since);
        var to = clock.toWall(clock.instant());
        // What cannot be read is found out by lookups.
        var unused = upstream.submit(Action.EVENT_LOG, Priority.POLL, () -> rtc.eventLog(id.get(), from, to))
                .answer()
                .thenCompose(inbox::take)
                .whenComplete((taken, failure) -> {
                    if (failure != null) {
                        LOG.info("The cloud's log of events cannot be read: {}", failure.getMessage());
                    }
                });
    }
}
