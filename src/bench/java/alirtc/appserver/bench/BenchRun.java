package alirtc.appserver.bench;

import alirtc.appserver.call.RegistryBenchmark;
import alirtc.appserver.call.RegistryHeap;
import alirtc.appserver.it.Deployment;
import alirtc.appserver.it.Distribution;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Measures the server against an empty servlet in the same container, and its parts alone, and prints it all. */
public final class BenchRun {
    private static final int ROUNDS = 5;
    private static final int SECONDS = 3;
    private static final List<String> FLAGS = List.of("-Xms1g", "-Xmx1g", "-XX:+UseParallelGC");
    private static final List<String> PATHS = List.of("token", "descChannelStartTime", "descChannelUsers");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Deployment deployment;

    private BenchRun(Deployment deployment) {
        this.deployment = deployment;
    }

    /** Runs what the arguments name of {@code http}, {@code start}, {@code parts}, {@code heap}; all without arguments. */
    public static void main(String[] args) throws Exception {
        var wanted = args.length == 0 ? List.of("http", "start", "parts", "heap") : Arrays.asList(args);
        if (wanted.contains("http")) {
            for (var distribution : List.of(Distribution.jetty(), Distribution.tomcat11())) {
                try (var deployment = start(distribution)) {
                    System.out.printf("%n%s%n", distribution.home().getFileName());
                    new BenchRun(deployment).http();
                }
            }
        }
        if (wanted.contains("start")) {
            startUp();
        }
        if (wanted.contains("heap")) {
            RegistryHeap.main(args);
        }
        if (wanted.contains("parts")) {
            new Runner(new OptionsBuilder()
                            .include(TokenBenchmark.class.getSimpleName())
                            .include(RegistryBenchmark.class.getSimpleName())
                            .addProfiler(GCProfiler.class)
                            .build())
                    .run();
        }
        System.out.printf(Locale.ROOT, "%nWAR: %.1f MB%n", Files.size(Path.of(System.getProperty("war"))) / 1e6);
    }

    private static Deployment start(Distribution distribution) throws IOException, InterruptedException {
        return Deployment.start(
                distribution,
                Map.of("rtc.users.cacheTtl", "1s", "rtc.openapi.maxQps", "80"),
                FLAGS,
                EmptyContext::addTo);
    }

    private void http() throws IOException, InterruptedException {
        get("1v1-audio/app/token?channelId=bench");
        deployment.sandbox().join("bench", "ann");
        for (var path : PATHS) {
            compare(path, "1v1-audio/app/" + path + "?channelId=bench", "empty/" + path);
        }
        silentUpstream();
    }

    /** Prints a path's rate and p99 as ratios to those of the empty servlet, round by round in turn. */
    private void compare(String name, String ours, String empty) throws IOException, InterruptedException {
        var rates = new ArrayList<Double>();
        var p99s = new ArrayList<Double>();
        var absolute = new ArrayList<Double>();
        warmUp(ours, empty);
        for (int round = 0; round < ROUNDS; round++) {
            var limit = Wrk.run(url(empty), SECONDS);
            var result = Wrk.run(url(ours), SECONDS);
            rates.add(result.rate() / limit.rate());
            p99s.add(result.p99Millis() / limit.p99Millis());
            absolute.add(result.rate());
        }
        print(name + ", requests/s against the empty servlet", rates);
        print(name + ", p99 against the empty servlet's", p99s);
        print(name + ", requests/s", absolute);
    }

    private void silentUpstream() throws IOException, InterruptedException {
        var token = "1v1-audio/app/token?channelId=bench";
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < ROUNDS; round++) {
            deployment.sandbox().clearFaults();
            var well = Wrk.run(url(token), SECONDS);
            deployment.sandbox().set(Fault.of(FaultKind.HANG));
            ratios.add(Wrk.run(url(token), SECONDS).rate() / well.rate());
        }
        print("token, upstream silent against well", ratios);
    }

    private void warmUp(String... paths) throws IOException, InterruptedException {
        for (var path : paths) {
            Wrk.run(url(path), 2 * SECONDS);
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + deployment.server().port() + "/" + path;
    }

    private void get(String path) throws IOException, InterruptedException {
        var unused =
                HTTP.send(HttpRequest.newBuilder(URI.create(url(path))).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void startUp() throws IOException, InterruptedException {
        for (var distribution : List.of(Distribution.jetty(), Distribution.tomcat11())) {
            var more = new ArrayList<Double>();
            for (int round = 0; round < ROUNDS; round++) {
                double empty = EmptyContext.startMillis(distribution);
                long begin = System.nanoTime();
                try (var deployment = start(distribution)) {
                    more.add((System.nanoTime() - begin) / 1e6 - empty);
                    deployment.sandbox().reset();
                }
            }
            print(
                    distribution.home().getFileName() + ", ms that start-up takes longer than with an empty context",
                    more);
        }
    }

    private static void print(String name, List<Double> values) {
        var sorted = values.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "  %-75s median %10.2f  (%.2f to %.2f)%n",
                name,
                sorted.get(sorted.size() / 2),
                sorted.get(0),
                sorted.get(sorted.size() - 1));
    }
}
