package alirtc.appserver.bench;

import alirtc.appserver.registry.RegistryBenchmark;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Measures the parts alone. */
final class PartsBench {
    private final Table table;

    PartsBench(Table table) {
        this.table = table;
    }

    void run() throws RunnerException {
        var scores = new TreeMap<String, Double>();
        var allocated = new TreeMap<String, Double>();
        for (var result : measured()) {
            var name = name(result.getParams());
            scores.put(name, result.getPrimaryResult().getScore());
            result.getSecondaryResults().forEach((measure, value) -> {
                if (measure.endsWith("gc.alloc.rate.norm")) {
                    allocated.put(name, value.getScore());
                }
            });
        }
        double one = score(scores, "oneThread");
        add("minting one token, one thread", "at most 2 µs", "%.2f µs", 1 / one);
        add("minting one token, allocated", "at most 1500 bytes", "%.0f bytes", score(allocated, "oneThread"));
        add("minting on two threads against one", "at least 1.8", "%.2f", score(scores, "twoThreads") / one);
        add(
                "allocating as many bytes and nothing else, two threads against one",
                "",
                "%.2f",
                score(scores, "allocateOnTwoThreads") / score(scores, "allocateOnOneThread"));
        addRegistry(scores, "registerFindAndEnd", "at most 3");
        addRegistry(scores, "find", "");
        addRegistry(scores, "tickWithNothingDue", "");
        add(
                "find in a plain ConcurrentHashMap, 1,000,000 against 1,000",
                "",
                "%.2f",
                score(scores, "findInAPlainMap 1000000") / score(scores, "findInAPlainMap 1000"));
    }

    private void addRegistry(Map<String, Double> scores, String name, String bar) {
        double few = score(scores, name + " 1000");
        add(name + ", 1,000 calls", "", "%.0f ns", few);
        add(name + ", 1,000,000 calls against 1,000", bar, "%.2f", score(scores, name + " 1000000") / few);
    }

    private static Collection<RunResult> measured() throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(TokenBenchmark.class.getSimpleName())
                        .include(RegistryBenchmark.class.getSimpleName())
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
    }

    private static String name(BenchmarkParams params) {
        var method = params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1);
        var live = params.getParam("live");
        return live == null ? method : method + " " + live;
    }

    private static double score(Map<String, Double> scores, String name) {
        var score = scores.get(name);
        if (score == null) {
            throw new IllegalStateException(name + " was not measured");
        }
        return score;
    }

    private void add(String what, String bar, String unit, double value) {
        table.add(what, bar, unit, List.of(value));
    }
}
