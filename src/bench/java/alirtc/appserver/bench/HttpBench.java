package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import java.io.IOException;
import java.util.ArrayList;

/** Compares the server's answers with those of empty servlets in the same container, in turn. */
final class HttpBench {
    private static final int ROUNDS = 9;
    private static final int SECONDS = 2;
    private static final int WARM_UP_SECONDS = 6;

    /** So long it takes until nothing is compiled any more. */
    private static final int COMPILING_SECONDS = 55;

    private static final String TOKEN = "token";

    private final String container;
    private final Deployment deployment;
    private final String leastRate;
    private final Table table;

    /**
     * Prepares to measure.
     *
     * @param leastRate how many requests a second there should be for one of the empty servlet
     */
    HttpBench(String container, Deployment deployment, String leastRate, Table table) {
        this.container = container;
        this.deployment = deployment;
        this.leastRate = leastRate;
        this.table = table;
    }

    /** Compares tokens alone. */
    void runTokens() throws IOException, InterruptedException {
        deployment.server().forgetOutput();
        Wrk.run(ours(TOKEN), COMPILING_SECONDS);
        deployment.sandbox().join("bench", "ann");
        compare(TOKEN);
    }

    void run() throws IOException, InterruptedException {
        runTokens();
        compare("descChannelStartTime");
        compare("descChannelUsers");
        silentUpstream();
    }

    private void compare(String path) throws IOException, InterruptedException {
        var rates = new ArrayList<Double>();
        var p99s = new ArrayList<Double>();
        var absolute = new ArrayList<Double>();
        Wrk.run(empty(path), WARM_UP_SECONDS);
        Wrk.run(ours(path), WARM_UP_SECONDS);
        for (int round = 0; round < ROUNDS; round++) {
            var limit = Wrk.run(empty(path), SECONDS);
            var result = Wrk.run(ours(path), SECONDS);
            if (round == 0) {
                System.out.printf("%s: %.0f bytes, the empty servlet %.0f%n", path, result.bytes(), limit.bytes());
            }
            rates.add(result.rate() / limit.rate());
            p99s.add(result.p99Millis() / limit.p99Millis());
            absolute.add(result.rate());
        }
        var name = container + ": `/app/" + path + "`";
        table.add(name + ", requests/s against the empty servlet", "at least " + leastRate, "%.2f", rates);
        if (path.equals(TOKEN)) {
            table.add(name + ", p99 against the empty servlet's", "at most 1.25", "%.2f", p99s);
        }
        table.add(name + ", requests/s", "", "%.0f", absolute);
    }

    private void silentUpstream() throws IOException, InterruptedException {
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < ROUNDS; round++) {
            deployment.sandbox().clearFaults();
            var well = Wrk.run(ours(TOKEN), SECONDS);
            deployment.sandbox().set(Fault.of(FaultKind.HANG));
            ratios.add(Wrk.run(ours(TOKEN), SECONDS).rate() / well.rate());
        }
        table.add(
                container + ": `/app/token` with the upstream hanging against healthy",
                "at least 0.95",
                "%.2f",
                ratios);
    }

    private String ours(String path) {
        return url("1v1-audio/app/" + path);
    }

    private String empty(String path) {
        return url("empty/" + path);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + deployment.server().port() + "/" + path + "?channelId=bench";
    }
}
