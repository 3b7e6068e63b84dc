package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import alirtc.appserver.sandbox.RecordedRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls of two people each, of which the server has to end every one at its limit. Thread-safe. */
final class AttackCalls {
    /** The shortest that can be set. */
    static final Duration LIMIT = Duration.ofMinutes(1);

    private final Deployment deployment;
    private final Map<String, Instant> dueAt = new ConcurrentHashMap<>();
    private final Map<String, Instant> deletedAt = new ConcurrentHashMap<>();
    private final AtomicInteger begun = new AtomicInteger();

    AttackCalls(Deployment deployment) {
        this.deployment = deployment;
        deployment.sandbox().onRequest(this::record);
    }

    private void record(RecordedRequest request) {
        if (request.action().equals("DeleteChannel") && dueAt.containsKey(request.channel())) {
            deletedAt.putIfAbsent(request.channel(), request.at());
        }
    }

    /** Begins one more call, if the server gives a token for it. */
    void begin(AttackConnection connection) throws IOException {
        var channel = "real-" + (begun.get() + 1);
        var now = InstantSource.system().instant();
        if (connection.get("token?channelId=" + channel) == 200) {
            deployment.sandbox().join(channel, "ann");
            deployment.sandbox().join(channel, "ben");
            dueAt.put(channel, now.plus(LIMIT));
            begun.incrementAndGet();
        }
    }

    /** Returns the channel of the latest call. */
    String latest() {
        return "real-" + begun.get();
    }

    /** Returns how late those calls were deleted whose limit was reached in a time. */
    String lateness(Instant from, Instant to) {
        int due = 0;
        int deleted = 0;
        var latest = Duration.ZERO;
        for (var call : dueAt.entrySet()) {
            if (!call.getValue().isBefore(from) && call.getValue().isBefore(to)) {
                due++;
                var at = deletedAt.get(call.getKey());
                if (at != null) {
                    deleted++;
                    var late = Duration.between(call.getValue(), at);
                    latest = late.compareTo(latest) > 0 ? late : latest;
                }
            }
        }
        return String.format(Locale.ROOT, "%d of %d, at most %.1f s", deleted, due, latest.toMillis() / 1e3);
    }
}
