package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import alirtc.appserver.it.Distribution;
import alirtc.appserver.registry.RegistryHeap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Measures the server against an empty servlet in the same container, and its parts alone, and prints it all. */
public final class BenchRun {
    /** As an operator would start it who tells Java nothing but how much memory there is. */
    static final List<String> FLAGS = List.of("-Xms512m", "-Xmx512m");

    /** As an operator would set it; the tests' own settings are for answers that are never shared. */
    static final Map<String, String> SETTINGS = Map.of("rtc.users.cacheTtl", "1s", "rtc.openapi.maxQps", "80");

    private final BenchOptions options;
    private final Path war = Path.of(Objects.requireNonNull(System.getProperty("war"), "the build must set war"));
    private final Wrk wrk = new Wrk(war.resolveSibling("channels.lua"));
    private final Table table = new Table();

    private BenchRun(BenchOptions options) throws IOException {
        this.options = options;
    }

    /** Measures what the arguments name, see {@link BenchOptions#parse}. */
    public static void main(String[] args) throws Exception {
        new BenchRun(BenchOptions.parse(Arrays.asList(args))).run();
    }

    private void run() throws Exception {
        for (var distribution : options.containers()) {
            measure(distribution, String.valueOf(distribution.home().getFileName()));
        }
        if (options.wants("heap")) {
            table.add(
                    "heap of 1,000,000 live calls with time limits and occupancy",
                    "at most 400 bytes a call",
                    "%.0f bytes a call",
                    List.of(RegistryHeap.bytesPerCall()));
        }
        if (options.wants("parts")) {
            new PartsBench(table).run();
        }
        table.add("WAR", "at most 18 MB", "%.1f MB", List.of(Files.size(war) / 1e6));
        table.print();
    }

    private void measure(Distribution distribution, String container) throws Exception {
        if (options.wants("http")) {
            try (var deployment = start(distribution, SETTINGS)) {
                http(container, deployment).run();
            }
            var quiet = new LinkedHashMap<>(SETTINGS);
            quiet.put("log.requests", "off");
            try (var deployment = start(distribution, quiet)) {
                http(container + ", no lines of requests", deployment).runTokens();
            }
        }
        if (options.wants(WithRedis.ARGUMENT)) {
            try (var redis = new WithRedis();
                    var deployment = start(distribution, redis.settings(SETTINGS))) {
                http(container + " with Redis", deployment).runTokens();
            }
        }
        if (options.wants("cpu")) {
            try (var deployment = start(distribution, SETTINGS)) {
                new CpuBench(container, deployment, table).run();
            }
        }
        if (options.wants("start")) {
            new StartBench(container, distribution, options.rounds(), table).run();
        }
    }

    private HttpBench http(String container, Deployment deployment) {
        return new HttpBench(container, deployment, options, wrk, table);
    }

    /** Starts a container with the WAR and the empty servlets. */
    static Deployment start(Distribution distribution, Map<String, String> settings)
            throws IOException, InterruptedException {
        return Deployment.start(distribution, settings, FLAGS, EmptyContext::addTo);
    }
}
