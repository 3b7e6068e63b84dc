package alirtc.appserver.overview;

import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.UpstreamStatus;
import alirtc.appserver.registry.CallStore;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.UpstreamCircuitBreaker;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** Reads the server's counts and states, and makes samples of two readings. Thread-safe. */
public final class Sampler {
    private static final int FIRST_ERROR = 500;
    private static final Duration LEAST = Duration.ofSeconds(1);

    private final CallStore store;
    private final Metrics metrics;
    private final UpstreamDispatcher upstream;
    private final UpstreamCircuitBreaker breaker;
    private final UpstreamStatus status;
    private final Supplier<String> events;

    /**
     * Builds a reader.
     *
     * @param events returns how events of the cloud come, in a word
     */
    public Sampler(
            CallStore store,
            Metrics metrics,
            UpstreamDispatcher upstream,
            UpstreamCircuitBreaker breaker,
            UpstreamStatus status,
            Supplier<String> events) {
        this.store = store;
        this.metrics = metrics;
        this.upstream = upstream;
        this.breaker = breaker;
        this.status = status;
        this.events = events;
    }

    /** What has been counted up to a moment, by the steady clock. */
    record Reading(Instant at, long tokens, long errors, long lookups, long throttlings, long openings) {}

    Reading read() {
        return new Reading(
                store.clock().instant(),
                metrics.answered((endpoint, code) -> endpoint.equals("token") && code.equals("200")),
                metrics.answered((endpoint, code) -> Integer.parseInt(code) >= FIRST_ERROR),
                upstream.sent(Action.CHANNEL_USERS),
                upstream.throttlings(),
                breaker.openings());
    }

    /** Returns what went on between two readings, the later of this moment. */
    Sample between(Reading before, Reading now) {
        var time = Duration.between(before.at(), now.at());
        return new Sample(
                store.clock().toWall(now.at()),
                store.counts().live(),
                now.tokens() - before.tokens(),
                now.errors() - before.errors(),
                cloud(before, now),
                upstream.budgetLeft(
                        Action.CHANNEL_USERS,
                        now.lookups() - before.lookups(),
                        time.compareTo(LEAST) < 0 ? LEAST : time),
                events.get());
    }

    private CloudState cloud(Reading before, Reading now) {
        if (now.openings() > before.openings() || breaker.state().equals("open")) {
            return CloudState.SPARED;
        }
        if (now.throttlings() > before.throttlings()) {
            return CloudState.THROTTLED;
        }
        var latest = status.latest();
        if (latest.askedAt().isEmpty()) {
            return CloudState.UNASKED;
        }
        return latest.failure().isPresent() ? CloudState.FAILING : CloudState.WELL;
    }
}
