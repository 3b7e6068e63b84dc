package alirtc.appserver.webhooks;

import alirtc.appserver.metrics.WebhookMetrics.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * What became of an attempt to deliver a message.
 *
 * @param gone whether the receiver wants no more messages at all
 * @param retryAfter how long the receiver wants the server to wait, if it says so
 * @param reason why it failed, in words for an operator, without secrets; empty if it did not
 */
record Attempt(Outcome outcome, boolean gone, Optional<Duration> retryAfter, String reason) {
    static final Attempt DELIVERED = new Attempt(Outcome.DELIVERED, false, Optional.empty(), "");

    static Attempt failed(Outcome outcome, String reason) {
        return new Attempt(outcome, false, Optional.empty(), reason);
    }

    boolean isDelivered() {
        return outcome == Outcome.DELIVERED;
    }
}
