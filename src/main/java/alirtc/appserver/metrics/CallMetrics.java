package alirtc.appserver.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/** What the server counts about calls. Every series is there from the start. Thread-safe. */
public final class CallMetrics {
    /** How a call came to be known. */
    public enum Beginning {
        /** By a token. */
        TOKEN,
        /** By those in it, who told since when, or were found in it. */
        RECOVERED
    }

    /** Why a call to which people had come is not live any more. */
    public enum Ending {
        /** Everybody left. */
        LEFT,
        /** It reached the time limit. */
        LIMIT,
        /** One was left alone in it for too long. */
        ALONE,
        /** The operator ended it. */
        OPERATOR,
        /** Everybody had left by the time another began in its channel. */
        SUPERSEDED
    }

    /** Why a call to which nobody came is forgotten. */
    public enum Disuse {
        /** Nobody came in time. */
        EXPIRED,
        /** The registry needed room. */
        DISPLACED
    }

    private final Counter begun;
    private final Counter ended;
    private final Counter unused;
    private final Histogram durations;
    private final Counter deletions;
    private final Histogram deadlineDelays;

    CallMetrics(PrometheusRegistry registry) {
        begun = Counter.builder()
                .withoutExemplars()
                .name("alirtc_calls_begun_total")
                .help("Calls that began and in which somebody was seen, by how they came to be known")
                .labelNames("by")
                .register(registry);
        ended = Counter.builder()
                .withoutExemplars()
                .name("alirtc_calls_ended_total")
                .help("Calls in which somebody was seen and that ended, by reason")
                .labelNames("reason")
                .register(registry);
        unused = Counter.builder()
                .withoutExemplars()
                .name("alirtc_calls_unused_total")
                .help("Calls for which tokens were issued that nobody used, by why they were forgotten")
                .labelNames("reason")
                .register(registry);
        durations = Histogram.builder()
                .name("alirtc_call_duration_seconds")
                .help("How long calls lasted whose start was known and that ended")
                .classicOnly()
                .withoutExemplars()
                .classicUpperBounds(10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400)
                .register(registry);
        deletions = Counter.builder()
                .withoutExemplars()
                .name("alirtc_channel_deletions_total")
                .help("Attempts to end a call, by outcome; each that failed is repeated")
                .labelNames("outcome")
                .register(registry);
        deadlineDelays = Histogram.builder()
                .name("alirtc_deadline_delay_seconds")
                .help("How long after their time limit calls were ended")
                .classicOnly()
                .withoutExemplars()
                .classicUpperBounds(0.25, 0.5, 1, 2, 5, 10, 30, 60, 300)
                .register(registry);
        for (var by : Beginning.values()) {
            begun.initLabelValues(Metrics.word(by));
        }
        for (var reason : Ending.values()) {
            ended.initLabelValues(Metrics.word(reason));
        }
        for (var reason : Disuse.values()) {
            unused.initLabelValues(Metrics.word(reason));
        }
        for (var done : new boolean[] {true, false}) {
            deletions.initLabelValues(outcome(done));
        }
    }

    /** Counts a call in which somebody was seen for the first time. */
    public void begun(Beginning by) {
        begun.labelValues(Metrics.word(by)).inc();
    }

    /** Counts a call that ended and in which somebody was seen. */
    public void ended(Ending reason) {
        ended.labelValues(Metrics.word(reason)).inc();
    }

    /** Counts a call that is over and to which nobody came. */
    public void unused(Disuse reason) {
        unused.labelValues(Metrics.word(reason)).inc();
    }

    /** Counts how long a call lasted. */
    public void lasted(Duration duration) {
        durations.observe(Metrics.seconds(duration.toNanos()));
    }

    /** Counts an attempt to end a call. */
    public void deletionTried(boolean done) {
        deletions.labelValues(outcome(done)).inc();
    }

    /** Counts how long after its time limit a call was ended. */
    public void endedAtLimit(Duration delay) {
        deadlineDelays.observe(Metrics.seconds(delay.toNanos()));
    }

    private static String outcome(boolean done) {
        return done ? "done" : "failed";
    }
}
