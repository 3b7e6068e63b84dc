package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import alirtc.appserver.it.Distribution;
import alirtc.appserver.registry.RegistryHeap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures the server against an empty servlet in the same container, and its parts alone, and prints it all. */
public final class BenchRun {
    private static final int STARTS = 7;
    private static final List<String> FLAGS = List.of("-Xms1g", "-Xmx1g", "-XX:+UseParallelGC");

    private static final Map<String, String> SETTINGS = Map.of("rtc.users.cacheTtl", "1s", "rtc.openapi.maxQps", "80");

    private BenchRun() {}

    /**
     * Runs what the arguments name of {@code http}, {@code start}, {@code parts}, {@code heap}, which are all without
     * arguments, and {@code redis}: http with the calls there.
     */
    public static void main(String[] args) throws Exception {
        var wanted = args.length == 0 ? List.of("http", "start", "parts", "heap") : Arrays.asList(args);
        var table = new Table();
        for (var distribution : List.of(Distribution.jetty(), Distribution.tomcat11())) {
            var container = String.valueOf(distribution.home().getFileName());
            if (wanted.contains("http")) {
                try (var deployment = start(distribution, SETTINGS)) {
                    new HttpBench(container, deployment, "0.90", table).run();
                }
                var quiet = new LinkedHashMap<>(SETTINGS);
                quiet.put("log.requests", "off");
                try (var deployment = start(distribution, quiet)) {
                    new HttpBench(container + ", no lines of requests", deployment, "0.90", table).runTokens();
                }
            }
            if (wanted.contains(WithRedis.ARGUMENT)) {
                try (var redis = new WithRedis();
                        var deployment = start(distribution, redis.settings(SETTINGS))) {
                    new HttpBench(container + " with Redis", deployment, "0.80", table).runTokens();
                }
            }
            if (wanted.contains("start")) {
                table.add(
                        container + ": start-up over an empty context",
                        "at most 700 ms",
                        "%.0f ms",
                        startUp(distribution));
            }
        }
        if (wanted.contains("heap")) {
            table.add(
                    "heap of 1,000,000 live calls with time limits",
                    "at most 300 bytes a call",
                    "%.0f bytes a call",
                    List.of(RegistryHeap.bytesPerCall()));
        }
        if (wanted.contains("parts")) {
            new PartsBench(table).run();
        }
        var war = Files.size(Path.of(System.getProperty("war"))) / 1e6;
        table.add("WAR", "at most 18 MB", "%.1f MB", List.of(war));
        table.print();
    }

    private static Deployment start(Distribution distribution, Map<String, String> settings)
            throws IOException, InterruptedException {
        return Deployment.start(distribution, settings, FLAGS, EmptyContext::addTo);
    }

    /** Returns by how many milliseconds longer the container takes to start with the WAR, round by round. */
    private static List<Double> startUp(Distribution distribution) throws IOException, InterruptedException {
        var more = new ArrayList<Double>();
        for (int round = 0; round < STARTS; round++) {
            double empty = EmptyContext.startMillis(distribution, FLAGS);
            long begin = System.nanoTime();
            try (var deployment = start(distribution, SETTINGS)) {
                more.add((System.nanoTime() - begin) / 1e6 - empty);
                deployment.sandbox().reset();
            }
        }
        return more;
    }
}
