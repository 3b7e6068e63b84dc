package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import java.io.IOException;
import java.util.ArrayList;

/** Compares the server's answers with those of empty servlets in the same container, in turn. */
final class HttpBench {
    static final String TOKEN = "token";

    private static final int SECONDS = 2;
    private static final int WARM_UP_SECONDS = 5;

    /** So many more than checks of them may go out, all together. */
    private static final int TOKENS_BESIDE = 200;

    /** Fewer than the budget, which is 70 a second. */
    private static final int CALLS_PER_SECOND = 60;

    private static final Channels MANY = new Channels("bench-", 2_000);
    private static final Channels ONE = new Channels("bench-", 1);
    private static final Channels KNOWN = new Channels("known-", 2_000);
    private static final Channels OTHERS = new Channels("other-", 2_000);
    private static final Channels BUSY = new Channels("known-", 20);

    private final String container;
    private final Deployment deployment;
    private final BenchOptions options;
    private final Wrk wrk;
    private final Table table;

    /** Prepares to measure a deployment, which is closed by its owner. */
    HttpBench(String container, Deployment deployment, BenchOptions options, Wrk wrk, Table table) {
        this.container = container;
        this.deployment = deployment;
        this.options = options;
        this.wrk = wrk;
        this.table = table;
    }

    /** Compares tokens of many channels. */
    void runTokens() throws IOException, InterruptedException {
        deployment.server().forgetOutput();
        wrk.run(ours(TOKEN), MANY, options.compilingSeconds());
        wrk.run(empty(TOKEN), MANY, options.compilingSeconds() / 2);
        compare(TOKEN, "", MANY, "at least 0.80", "at most 1.5");
    }

    /** Compares all that phones ask for. */
    void run() throws IOException, InterruptedException {
        runTokens();
        compare(TOKEN, " of one channel", ONE, "", "");
        silentUpstream();
        try (var phones = new Phones(deployment)) {
            phones.beginCalls(KNOWN, CALLS_PER_SECOND);
            phones.keepAsking(TOKEN, OTHERS, TOKENS_BESIDE);
            compare("descChannelStartTime", " while tokens are issued", KNOWN, "at least 0.85", "at most 1.5");
        }
        try (var phones = new Phones(deployment)) {
            // They are busy while the empty servlet is measured, too.
            phones.keepAsking("descChannelUsers", BUSY, 4 * BUSY.count());
            compare("descChannelUsers", " of 20 busy channels", BUSY, "at least 0.80", "at most 2");
        }
    }

    private void compare(String path, String circumstance, Channels channels, String leastRate, String mostP99)
            throws IOException, InterruptedException {
        var rates = new ArrayList<Double>();
        var p99s = new ArrayList<Double>();
        var absolute = new ArrayList<Double>();
        var slowest = new ArrayList<Double>();
        wrk.run(empty(path), channels, WARM_UP_SECONDS);
        wrk.run(ours(path), channels, WARM_UP_SECONDS);
        for (int round = 0; round < options.rounds(); round++) {
            var limit = wrk.run(empty(path), channels, SECONDS);
            var result = wrk.run(ours(path), channels, SECONDS);
            if (round == 0) {
                System.out.printf("%s: %.0f bytes, the empty servlet %.0f%n", path, result.bytes(), limit.bytes());
            }
            rates.add(result.rate() / limit.rate());
            p99s.add(result.p99Millis() / limit.p99Millis());
            absolute.add(result.rate());
            slowest.add(result.p99Millis());
        }
        var name = container + ": `/app/" + path + "`" + circumstance;
        table.add(name + ", requests/s against the empty servlet", leastRate, "%.2f", rates);
        table.add(name + ", p99 against the empty servlet's", mostP99, "%.2f", p99s);
        table.add(name + ", requests/s", "", "%.0f", absolute);
        table.add(name + ", p99", "", "%.1f ms", slowest);
    }

    private void silentUpstream() throws IOException, InterruptedException {
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < options.rounds(); round++) {
            deployment.sandbox().clearFaults();
            var well = wrk.run(ours(TOKEN), MANY, SECONDS);
            deployment.sandbox().set(Fault.of(FaultKind.HANG));
            ratios.add(wrk.run(ours(TOKEN), MANY, SECONDS).rate() / well.rate());
        }
        deployment.sandbox().clearFaults();
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
        return "http://127.0.0.1:" + deployment.server().port() + "/" + path;
    }
}
