package alirtc.appserver.webhooks;

import alirtc.appserver.config.WebhooksConfig;
import alirtc.appserver.logging.ThrottledWarning;
import alirtc.appserver.metrics.WebhookMetrics;
import alirtc.appserver.records.Outbox;
import alirtc.appserver.records.Outbox.Message;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers messages to the receiver, at least once each: soon after they are written down, many calls at a time, those of
 * one call in their order, and again and again while the receiver does not take them. Thread-safe; never blocks.
 */
public final class WebhookSender {
    /** How many attempts are made at a time; a receiver that is dead holds up no more. */
    static final int MAX_IN_FLIGHT = 32;

    /** How often it is looked for messages to be tried again, and for those of servers that ended. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

    /** How the receiver takes messages. */
    private enum State {
        /** Nothing was sent yet. */
        WAITING,
        /** It took the last one. */
        DELIVERING,
        /** It did not take the last one, which is tried again. */
        FAILING,
        /** It wants no more; nothing is sent until the next start. */
        GONE
    }

    private final Outbox outbox;
    private final WebhookClient client;
    private final RetrySchedule schedule;
    private final SteadyClock clock;
    private final Timers timers;
    private final WebhookMetrics metrics;
    private final ThrottledWarning failing;
    private final String receiver;
    private volatile State state = State.WAITING;

    /** Guarded by this, as what follows. */
    private int inFlight;

    private boolean asking;
    private boolean askAgain;

    /**
     * Prepares to deliver messages; nothing is sent yet.
     *
     * @param outbox the messages
     * @param clock what their times are by
     * @param executor runs what little there is to do about answers
     * @param random draws from 0 up to, but not including, 1
     */
    public WebhookSender(
            WebhooksConfig config,
            Outbox outbox,
            SteadyClock clock,
            Executor executor,
            Timers timers,
            DoubleSupplier random,
            WebhookMetrics metrics) {
        this.outbox = outbox;
        this.client = new WebhookClient(config, executor, () -> clock.toWall(clock.instant()), timers);
        this.schedule = new RetrySchedule(random);
        this.clock = clock;
        this.timers = timers;
        this.metrics = metrics;
        this.failing = new ThrottledWarning(LOG, clock);
        this.receiver = origin(config.url());
    }

    /** Returns an address for the log: its path may be a secret of the receiver's. */
    private static String origin(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    /** Begins to deliver, and goes on. */
    public void start() {
        LOG.info("Webhooks are sent to {}", receiver);
        outbox.onArrival(this::send);
        timers.every(INTERVAL, this::send);
    }

    /** Returns in a word how the receiver takes messages: {@code waiting}, {@code delivering}, {@code failing}, {@code gone}. */
    public String word() {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** Sends what is due, as much as may be in flight. */
    private void send() {
        int room;
        synchronized (this) {
            if (asking) {
                askAgain = true;
                return;
            }
            room = MAX_IN_FLIGHT - inFlight;
            if (room == 0 || state == State.GONE) {
                return;
            }
            asking = true;
            askAgain = false;
        }
        // Whether the store can be asked is told by the store, and the next round is soon.
        var unused =
                outbox.takeDue(room).whenComplete((messages, failure) -> taken(failure == null ? messages : List.of()));
    }

    private void taken(List<Message> messages) {
        boolean again;
        synchronized (this) {
            asking = false;
            again = askAgain;
            inFlight += messages.size();
        }
        messages.forEach(this::attempt);
        if (again) {
            send();
        }
    }

    private void attempt(Message message) {
        long begun = System.nanoTime();
        var unused = CompletableFuture.completedFuture(message)
                .thenCompose(client::post)
                .whenComplete((attempt, failure) -> ended())
                // What could not be recorded comes again by itself.
                .thenCompose(attempt -> {
                    metrics.attempt(attempt.outcome(), System.nanoTime() - begun);
                    return settled(message, attempt);
                });
    }

    private void ended() {
        synchronized (this) {
            inFlight--;
        }
        send();
    }

    private CompletableFuture<?> settled(Message message, Attempt attempt) {
        if (attempt.isDelivered()) {
            metrics.delivered(age(message));
            told(State.DELIVERING);
            return outbox.delivered(message);
        }
        if (attempt.gone()) {
            stop();
        } else {
            told(State.FAILING);
            failing.warn(
                    "Webhooks are not taken by " + receiver + ", which is tried again later: {}", attempt.reason());
        }
        var next = schedule.next(message.attempts() + 1, age(message), attempt.retryAfter());
        if (next.isEmpty() && !attempt.gone()) {
            metrics.gaveUp();
            LOG.warn(
                    "Webhook {} ({}) is given up after {} attempts",
                    message.id(),
                    message.type(),
                    message.attempts() + 1);
            return outbox.gaveUp(message);
        }
        return outbox.failed(message, clock.instant().plus(next.orElse(INTERVAL)));
    }

    private Duration age(Message message) {
        return Duration.between(message.createdAt(), clock.instant());
    }

    private synchronized void told(State now) {
        if (state != State.GONE) {
            if (state == State.FAILING && now == State.DELIVERING) {
                LOG.info("Webhooks are taken again by {}", receiver);
            }
            state = now;
        }
    }

    private synchronized void stop() {
        if (state != State.GONE) {
            state = State.GONE;
            LOG.error(
                    "The receiver of webhooks at {} answers 410, that it wants no more: nothing is sent until the server is"
                            + " started again. Messages are kept meanwhile",
                    receiver);
        }
    }
}
