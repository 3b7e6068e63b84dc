package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import alirtc.appserver.it.Distribution;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import alirtc.appserver.sandbox.RecordedRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * Puts two hundred phones in two thousand channels to the server in a real container while its upstream is first well,
 * then silent, then throttling, then well again, and prints what they got.
 */
public final class LoadRun {
    private static final int PHONES = 200;
    private static final int CHANNELS = 2_000;
    private static final int BUDGET = 80;
    private static final List<String> QUESTIONS = List.of("token", "descChannelUsers", "descChannelStartTime");

    /** A state of the upstream. */
    private record Phase(String name, Fault fault) {}

    private final Deployment deployment;
    private final OkHttpClient http = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(PHONES, 1, TimeUnit.MINUTES))
            .readTimeout(Duration.ofSeconds(15))
            .build();

    private LoadRun(Deployment deployment) {
        this.deployment = deployment;
    }

    /** Runs every phase; a number is its length in seconds, 20 if there is none, and {@code redis} keeps calls there. */
    public static void main(String[] args) throws Exception {
        var numbers = Arrays.stream(args)
                .filter(word -> !word.equals(WithRedis.ARGUMENT))
                .toList();
        var length = Duration.ofSeconds(numbers.isEmpty() ? 20 : Long.parseLong(numbers.get(0)));
        var settings = Map.of("rtc.openapi.maxQps", Integer.toString(BUDGET), "rtc.users.cacheTtl", "1s");
        if (Arrays.asList(args).contains(WithRedis.ARGUMENT)) {
            try (var redis = new WithRedis()) {
                run(redis.settings(settings), length);
            }
        } else {
            run(settings, length);
        }
    }

    private static void run(Map<String, String> settings, Duration length) throws Exception {
        try (var deployment = Deployment.start(Distribution.jetty(), settings)) {
            var run = new LoadRun(deployment);
            for (var phase : List.of(
                    new Phase("healthy", Fault.NONE),
                    new Phase("hanging", Fault.of(FaultKind.HANG)),
                    new Phase("throttled", Fault.of(FaultKind.THROTTLED)),
                    new Phase("healthy again", Fault.NONE))) {
                run.run(phase, length);
            }
            run.printServer();
        }
    }

    private void run(Phase phase, Duration length) throws InterruptedException {
        deployment.sandbox().set(phase.fault);
        var begin = InstantSource.system().instant();
        var end = System.nanoTime() + length.toNanos();
        var results = QUESTIONS.stream().map(Results::new).toList();
        var phones = new Thread[PHONES];
        for (int phone = 0; phone < PHONES; phone++) {
            phones[phone] = new Thread(() -> phone(results, end), "phone-" + phone);
            phones[phone].start();
        }
        for (var phone : phones) {
            phone.join();
        }
        System.out.printf(Locale.ROOT, "%n%s, %d s%n", phase.name, length.toSeconds());
        results.forEach(Results::print);
        var requests = deployment.sandbox().requests().stream()
                .map(RecordedRequest::at)
                .filter(at -> !at.isBefore(begin))
                .sorted()
                .toList();
        System.out.printf(
                Locale.ROOT,
                "  upstream requests: %d, at most %d in any second (budget %d)%n",
                requests.size(),
                mostInASecond(requests),
                BUDGET);
    }

    private void phone(List<Results> results, long end) {
        while (System.nanoTime() < end) {
            var channel = "load-" + ThreadLocalRandom.current().nextInt(CHANNELS);
            for (int question = 0; question < QUESTIONS.size(); question++) {
                ask(results.get(question), channel);
            }
            // Some join, some leave: a call is two people for a while.
            if (ThreadLocalRandom.current().nextInt(4) == 0) {
                deployment
                        .sandbox()
                        .join(channel, "u" + ThreadLocalRandom.current().nextInt(2));
            } else if (ThreadLocalRandom.current().nextInt(8) == 0) {
                deployment.sandbox().delete(channel);
            }
        }
    }

    private void ask(Results results, String channel) {
        var url = "http://127.0.0.1:" + deployment.server().port() + "/1v1-audio/app/" + results.question()
                + "?channelId=" + channel;
        long start = System.nanoTime();
        try (var response = http.newCall(new Request.Builder().url(url).build()).execute()) {
            response.body().bytes();
            results.add(Integer.toString(response.code()), System.nanoTime() - start);
        } catch (IOException e) {
            results.add(e.getClass().getSimpleName(), System.nanoTime() - start);
        }
    }

    private static int mostInASecond(List<Instant> requests) {
        var window = new ArrayDeque<Instant>();
        int most = 0;
        for (var request : requests) {
            window.add(request);
            while (!window.getFirst().isAfter(request.minusSeconds(1))) {
                window.remove();
            }
            most = Math.max(most, window.size());
        }
        return most;
    }

    private void printServer() throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "%nserver after a collection: %d MB of heap, %d threads%n",
                deployment.server().heapBytes() / 1_000_000,
                deployment.server().threads());
    }
}
