package alirtc.appserver.bench;

import alirtc.appserver.it.Distribution;
import java.io.IOException;
import java.util.ArrayList;

/** Measures how long the server takes to start, and to issue its first token. */
final class StartBench {
    private final String container;
    private final Distribution distribution;
    private final int rounds;
    private final Table table;

    StartBench(String container, Distribution distribution, int rounds, Table table) {
        this.container = container;
        this.distribution = distribution;
        this.rounds = rounds;
        this.table = table;
    }

    /** Compares with the container that holds nothing but the empty servlets, round by round. */
    void run() throws IOException, InterruptedException {
        var started = new ArrayList<Double>();
        var answered = new ArrayList<Double>();
        for (int round = 0; round < rounds; round++) {
            double empty = EmptyContext.startMillis(distribution, BenchRun.FLAGS);
            long begin = System.nanoTime();
            try (var deployment = BenchRun.start(distribution, BenchRun.SETTINGS);
                    var phones = new Phones(deployment)) {
                started.add((System.nanoTime() - begin) / 1e6 - empty);
                phones.ask(HttpBench.TOKEN, "first");
                answered.add((System.nanoTime() - begin) / 1e6 - empty);
            }
        }
        table.add(container + ": start-up over an empty context", "at most 700 ms", "%.0f ms", started);
        table.add(container + ": first token, over the same", "at most 1500 ms", "%.0f ms", answered);
    }
}
