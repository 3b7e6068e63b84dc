package alirtc.appserver.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/** What the server counts about the webhooks that it sends, where it does. Thread-safe. */
public final class WebhookMetrics {
    /** What became of an attempt to deliver a message. */
    public enum Outcome {
        /** The receiver took it. */
        DELIVERED,
        /** The receiver answered otherwise. */
        REJECTED,
        /** No whole answer came in time. */
        TIMEOUT,
        /** The receiver could not be reached, or broke off. */
        UNREACHABLE
    }

    private final Histogram attempts;
    private final Histogram delays;
    private final Counter givenUp;

    WebhookMetrics(PrometheusRegistry registry) {
        attempts = Histogram.builder()
                .name("alirtc_webhooks_attempt_duration_seconds")
                .help("Attempts to deliver a webhook by outcome")
                .labelNames("outcome")
                .classicOnly()
                .withoutExemplars()
                .classicUpperBounds(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
                .register(registry);
        delays = Histogram.builder()
                .name("alirtc_webhooks_delay_seconds")
                .help("From when webhooks were written down until they were delivered")
                .classicOnly()
                .withoutExemplars()
                .classicUpperBounds(0.05, 0.1, 0.25, 0.5, 1, 5, 10, 60, 600, 3600, 86400)
                .register(registry);
        givenUp = Counter.builder()
                .withoutExemplars()
                .name("alirtc_webhooks_given_up_total")
                .help("Webhooks that are not tried any more")
                .register(registry);
        for (var outcome : Outcome.values()) {
            attempts.initLabelValues(Metrics.word(outcome));
        }
    }

    /** Counts an attempt. */
    public void attempt(Outcome outcome, long nanos) {
        attempts.labelValues(Metrics.word(outcome)).observe(Metrics.seconds(nanos));
    }

    /** Counts how long a message that was delivered had waited. */
    public void delivered(Duration delay) {
        delays.observe(Metrics.seconds(delay.toNanos()));
    }

    /** Counts a message that was given up. */
    public void gaveUp() {
        givenUp.inc();
    }
}
