package alirtc.appserver.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What the server counts about Redis, where it asks one. Thread-safe. */
public final class RedisMetrics {
    private static final String OK = "ok";
    private static final String FAILED = "failed";

    private final Histogram commands;

    RedisMetrics(PrometheusRegistry registry) {
        commands = Histogram.builder()
                .name("alirtc_redis_command_duration_seconds")
                .help("Commands to Redis by outcome")
                .labelNames("outcome")
                .classicOnly()
                .withoutExemplars()
                .classicUpperBounds(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1)
                .register(registry);
    }

    /** Has commands counted from the start, with 0. */
    public void expectCommands() {
        commands.initLabelValues(OK);
        commands.initLabelValues(FAILED);
    }

    /** Counts a command. */
    public void command(boolean answered, long nanos) {
        commands.labelValues(answered ? OK : FAILED).observe(Metrics.seconds(nanos));
    }
}
