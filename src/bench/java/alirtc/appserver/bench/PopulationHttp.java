package alirtc.appserver.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Asks the servers in turn what phones ask, without a thread for each, and keeps what came of it. Thread-safe. */
final class PopulationHttp {
    static final String TOKEN = "token";
    static final String USERS = "descChannelUsers";
    static final String START_TIME = "descChannelStartTime";

    /** How long the published Android app waits. */
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final List<Integer> ports;
    private final PopulationFindings findings;
    private final InstantSource clock;
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<String, Results> results =
            List.of(TOKEN, USERS, START_TIME).stream().collect(Collectors.toMap(Function.identity(), Results::new));

    /**
     * What a phone got.
     *
     * @param status 0 if there was no answer
     * @param data missing unless the status is 200
     */
    record Answer(int status, JsonNode data, Instant at) {}

    PopulationHttp(List<Integer> ports, PopulationFindings findings, InstantSource clock, Executor executor) {
        this.ports = ports;
        this.findings = findings;
        this.clock = clock;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(executor)
                .connectTimeout(TIMEOUT)
                .build();
    }

    /** Asks, and completes with the answer whatever it is. */
    CompletableFuture<Answer> ask(String question, String channel) {
        var port = ports.get(Math.floorMod(turn.getAndIncrement(), ports.size()));
        var url = "http://127.0.0.1:" + port + "/1v1-audio/app/" + question + "?channelId=" + channel;
        var request = HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
        var sentAt = clock.instant();
        long start = System.nanoTime();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).handle((response, failure) -> {
            var at = clock.instant();
            var code = response != null ? Integer.toString(response.statusCode()) : name(failure);
            if (findings.measures(sentAt)) {
                of(question).add(code, System.nanoTime() - start);
            }
            return response == null
                    ? new Answer(0, MissingNode.getInstance(), at)
                    : new Answer(response.statusCode(), data(response.body()), at);
        });
    }

    private static String name(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getClass().getSimpleName();
    }

    private static JsonNode data(String body) {
        try {
            return JSON.readTree(body).path("data");
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** Returns what came of a question so far, as far as it was measured. */
    Results of(String question) {
        var found = results.get(question);
        if (found == null) {
            throw new IllegalArgumentException(question);
        }
        return found;
    }
}
