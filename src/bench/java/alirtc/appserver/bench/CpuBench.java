package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Measures how much processor time a server takes that is as busy as a big one is in life. */
final class CpuBench {
    private static final Channels CALLS = new Channels("call-", 10_000);
    private static final int TOKENS_PER_SECOND = 100;

    /** For so long the calls begin: more a second than the budget has lookups for. */
    private static final int BEGIN_SECONDS = 20;

    /** At this pace it takes so long until nothing is compiled any more. */
    private static final int WARM_UP_SECONDS = 280;

    private static final int SECONDS = 60;

    private final String container;
    private final Deployment deployment;
    private final Table table;

    CpuBench(String container, Deployment deployment, Table table) {
        this.container = container;
        this.deployment = deployment;
        this.table = table;
    }

    void run() throws IOException, InterruptedException {
        deployment.server().forgetOutput();
        for (int i = 0; i < CALLS.count(); i++) {
            deployment.sandbox().join(CALLS.name(i), "ann");
        }
        try (var phones = new Phones(deployment)) {
            phones.keepAsking(HttpBench.TOKEN, CALLS, CALLS.count() / BEGIN_SECONDS);
            TimeUnit.SECONDS.sleep(BEGIN_SECONDS);
        }
        try (var phones = new Phones(deployment)) {
            phones.keepAsking(HttpBench.TOKEN, CALLS, TOKENS_PER_SECOND);
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            var before = deployment.server().processorTime();
            TimeUnit.SECONDS.sleep(SECONDS);
            var taken = deployment.server().processorTime().minus(before);
            table.add(
                    container + ": processor time at 100 tokens/s with 10,000 calls",
                    "at most 10 % of one",
                    "%.1f %%",
                    List.of(taken.toMillis() / (SECONDS * 10.0)));
        }
    }
}
