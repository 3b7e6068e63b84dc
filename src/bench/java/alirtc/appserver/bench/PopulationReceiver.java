package alirtc.appserver.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Whoever bills for the calls: takes webhooks, verifies them, and knows which came twice, late or out of order. Thread-safe. */
final class PopulationReceiver implements AutoCloseable {
    static final String SECRET = "whsec_cG9wdWxhdGlvbi0wMTIzNDU2Nzg5LXNlY3JldA==";

    private static final int THREADS = 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final InstantSource clock;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Webhook verifier;
    private final Map<String, Integer> highest = new HashMap<>();
    private final Map<String, JsonNode> records = new HashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> hindered = new HashSet<>();
    private final List<String> disordered = new ArrayList<>();
    private final Histogram delay = new Histogram(TimeUnit.HOURS.toMillis(1), 3);
    private long repeated;
    private long forged;
    private boolean down;

    PopulationReceiver(InstantSource clock) throws IOException {
        this.clock = clock;
        this.verifier = new Webhook(SECRET);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    /** Returns where webhooks are to go. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/calls";
    }

    /** Takes webhooks from now on, or refuses them. */
    synchronized void setDown(boolean refuse) {
        down = refuse;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var headers = HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true);
            var id = headers.firstValue("webhook-id").orElse("");
            exchange.sendResponseHeaders(taken(id, headers, body) ? 204 : 503, -1);
        }
    }

    private synchronized boolean taken(String id, HttpHeaders headers, String body) throws IOException {
        var message = JSON.readTree(body);
        var callId = message.path("data").path("callId").asText();
        if (down) {
            hindered.add(callId);
            return false;
        }
        try {
            verifier.verify(body, headers);
        } catch (WebhookVerificationException e) {
            forged++;
            return false;
        }
        if (!ids.add(id)) {
            repeated++;
            return true;
        }
        int seq = message.path("data").path("seq").asInt();
        if (seq != highest.getOrDefault(callId, 0) + 1) {
            disordered.add(callId + " got " + seq + " after " + highest.getOrDefault(callId, 0));
        }
        highest.merge(callId, seq, Math::max);
        if (!hindered.contains(callId)) {
            var wait = Duration.between(Instant.parse(message.path("timestamp").asText()), clock.instant());
            delay.recordValue(Math.max(0, wait.toMillis()));
        }
        var record = message.path("data").path("record");
        if (record.isObject()) {
            var known = records.get(callId);
            if (known == null
                    || known.path("correction").asInt()
                            < record.path("correction").asInt()) {
                records.put(callId, record);
            }
        }
        return true;
    }

    /** Returns the latest record of each call. */
    synchronized List<JsonNode> records() {
        return List.copyOf(records.values());
    }

    /** Returns of which calls messages came in another order than that of their numbers, or were left out. */
    synchronized List<String> disordered() {
        return List.copyOf(disordered);
    }

    /** Returns how many messages came, each once. */
    synchronized int messages() {
        return ids.size();
    }

    /** Returns how many came again. */
    synchronized long repeated() {
        return repeated;
    }

    /** Returns how many were not signed as they should be. */
    synchronized long forged() {
        return forged;
    }

    /** Returns within how many seconds of being written down so many percent came, of calls that were never refused. */
    synchronized double delay(double percent) {
        return delay.getValueAtPercentile(percent) / 1e3;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
