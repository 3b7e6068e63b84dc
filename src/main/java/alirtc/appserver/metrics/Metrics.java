package alirtc.appserver.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What the server counts about itself, for Prometheus. Every label takes few values, whatever is asked: endpoints, codes,
 * actions, outcomes and reasons, never a channel or a user. Thread-safe.
 */
public final class Metrics {
    private static final double NANOS = 1e9;

    /** Where a phone's request who is in a channel found its answer. */
    public enum Source {
        /** In an answer of a moment ago. */
        CACHE,
        /** In a question that another asked. */
        JOINED,
        /** In a question of its own. */
        UPSTREAM,
        /** In what events and the last lookup told. */
        EVENTS
    }

    // Without exemplars: the thread that samples them cannot be ended, and keeps an undeployed application alive.
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Histogram requests = Histogram.builder()
            .name("alirtc_http_request_duration_seconds")
            .help("Requests by endpoint and HTTP status")
            .labelNames("endpoint", "code")
            .classicOnly()
            .withoutExemplars()
            .classicUpperBounds(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 6)
            .register(registry);
    private final Histogram upstreamRequests = Histogram.builder()
            .name("alirtc_upstream_request_duration_seconds")
            .help("Requests to the OpenAPI by action and outcome")
            .labelNames("action", "outcome")
            .classicOnly()
            .withoutExemplars()
            .classicUpperBounds(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4)
            .register(registry);
    private final Counter upstreamRejected = Counter.builder()
            .withoutExemplars()
            .name("alirtc_upstream_rejected_total")
            .help(
                    "Requests to the OpenAPI rejected here, since the budget or the upstream's health left no room for them")
            .register(registry);
    private final Counter answers = Counter.builder()
            .withoutExemplars()
            .name("alirtc_users_requests_total")
            .help("Requests of phones who is in a channel, by where the answer was found")
            .labelNames("source")
            .register(registry);
    private final Counter events = Counter.builder()
            .withoutExemplars()
            .name("alirtc_events_total")
            .help("Events that the cloud told, by what they tell, and by whether that was news")
            .labelNames("kind", "news")
            .register(registry);
    private final Counter seatsRejected = Counter.builder()
            .withoutExemplars()
            .name("alirtc_seats_refused_total")
            .help("Tokens rejected because the channel was full")
            .register(registry);
    private final RedisMetrics redis = new RedisMetrics(registry);
    private final CallMetrics calls = new CallMetrics(registry);
    private final RecordMetrics records = new RecordMetrics(registry);
    private final WebhookMetrics webhooks = new WebhookMetrics(registry);

    /** Starts counting. */
    public Metrics() {
        // Not all that there is: some listen to the garbage collector, and keep an undeployed application alive by
        // that.
        JvmMemoryMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
        ProcessMetrics.builder().register(registry);
        for (var source : Source.values()) {
            answers.initLabelValues(word(source));
        }
    }

    /** Tells which program this is. */
    public void build(String version) {
        Info.builder()
                .name("alirtc_build_info")
                .help("The server's version and that of Java")
                .labelNames("version", "java")
                .register(registry)
                .setLabelValues(version, System.getProperty("java.version", ""));
    }

    /** Has answers that can be given counted from the start, with 0. */
    public void expectRequests(String endpoint, int code) {
        requests.initLabelValues(endpoint, Integer.toString(code));
    }

    /** Has outcomes of requests to the OpenAPI that can come counted from the start, with 0. */
    public void expectUpstreamRequests(String action, String outcome) {
        upstreamRequests.initLabelValues(action, outcome);
    }

    /** Has events that can come counted from the start, with 0. */
    public void expectEvents(Enum<?>[] kinds) {
        for (var kind : kinds) {
            for (var news : new boolean[] {true, false}) {
                events.initLabelValues(word(kind), Boolean.toString(news));
            }
        }
    }

    /** Returns what is counted about Redis. */
    public RedisMetrics redis() {
        return redis;
    }

    /** Returns what is counted about calls. */
    public CallMetrics calls() {
        return calls;
    }

    /** Returns what is counted about the file of records. */
    public RecordMetrics records() {
        return records;
    }

    /** Returns what is counted about webhooks. */
    public WebhookMetrics webhooks() {
        return webhooks;
    }

    /** Counts an answer to a request. */
    public void request(String endpoint, int code, long nanos) {
        requests.labelValues(endpoint, Integer.toString(code)).observe(seconds(nanos));
    }

    /**
     * Returns how many requests have been answered so far.
     *
     * @param which says of which endpoints and HTTP statuses
     */
    public long answered(BiPredicate<String, String> which) {
        return requests.collect().getDataPoints().stream()
                .filter(point -> which.test(
                        point.getLabels().get("endpoint"), point.getLabels().get("code")))
                .mapToLong(point -> point.getCount())
                .sum();
    }

    /** Counts a request to the OpenAPI. */
    public void upstreamRequest(String action, String outcome, long nanos) {
        upstreamRequests.labelValues(action, outcome).observe(seconds(nanos));
    }

    /** Counts a request that was not sent to the OpenAPI. */
    public void upstreamRejected() {
        upstreamRejected.inc();
    }

    /** Counts a phone's request who is in a channel. */
    public void usersRequested(Source source) {
        answers.labelValues(word(source)).inc();
    }

    /** Counts an event that the cloud told. */
    public void eventTaken(Enum<?> kind, boolean news) {
        events.labelValues(word(kind), Boolean.toString(news)).inc();
    }

    /** Counts a token that was rejected for lack of a seat. */
    public void seatRejected() {
        seatsRejected.inc();
    }

    /** Has a value read whenever somebody asks for all of them. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** Has a count read whenever somebody asks for all values. */
    public void counter(String name, String help, LongSupplier count) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call((double) count.getAsLong()))
                .register(registry);
    }

    /** Returns all values as they are now. */
    public MetricSnapshots all() {
        return registry.scrape();
    }

    static double seconds(long nanos) {
        return nanos / NANOS;
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
