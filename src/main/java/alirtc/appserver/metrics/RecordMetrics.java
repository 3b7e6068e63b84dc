package alirtc.appserver.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What the server counts about the file of records, where it keeps one. Thread-safe. */
public final class RecordMetrics {
    private final Histogram commits;
    private final Counter failures;
    private final Counter lost;

    RecordMetrics(PrometheusRegistry registry) {
        commits = Histogram.builder()
                .name("alirtc_records_commit_duration_seconds")
                .help("How long it took to have changes of records on the disk")
                .classicOnly()
                .withoutExemplars()
                .classicUpperBounds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
                .register(registry);
        failures = Counter.builder()
                .withoutExemplars()
                .name("alirtc_records_failures_total")
                .help("Attempts to use the file of records that failed; each is repeated")
                .register(registry);
        lost = Counter.builder()
                .withoutExemplars()
                .name("alirtc_records_lost_total")
                .help("Changes of records that are lost, since too many could not be written")
                .register(registry);
    }

    /** Counts changes that are on the disk together. */
    public void committed(long nanos) {
        commits.observe(Metrics.seconds(nanos));
    }

    /** Counts a failure. */
    public void failed() {
        failures.inc();
    }

    /** Counts a change that is lost. */
    public void lost() {
        lost.inc();
    }
}
