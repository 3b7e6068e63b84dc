package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** SIGTERM at the worst of times. */
final class ShutdownIT {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** What a shell makes of it: 128 and the signal's number. */
    private static final int ENDED_BY_SIGTERM = 143;

    private static final List<Deployment> DEPLOYMENTS =
            Deployment.inEach(Map.of()).toList();

    @AfterAll
    static void close() {
        DEPLOYMENTS.forEach(Deployment::close);
    }

    /** All at once, since each takes as long as its patience with the upstream. */
    @Test
    void stop_questionUnderWayToASilentUpstream_isQuickAndOrderly() throws Exception {
        for (var deployment : DEPLOYMENTS) {
            deployment.sandbox().set(Fault.of(FaultKind.HANG));
            var unused = deployment.wire().getLater(Server.CONTEXT + "/app/descChannelUsers?channelId=c");
            deployment.sandbox().awaitRequests("DescribeChannelUsers", 1, LIMIT);
        }
        var threads = Executors.newFixedThreadPool(DEPLOYMENTS.size());
        try {
            var stops = DEPLOYMENTS.stream()
                    .<Callable<Server.Ending>>map(deployment -> deployment.server()::stop)
                    .toList();
            for (var ending : threads.invokeAll(stops)) {
                assertEquals(ENDED_BY_SIGTERM, ending.get().exit());
                assertTrue(ending.get().took().compareTo(LIMIT) < 0, ending.get()::toString);
            }
        } finally {
            threads.shutdownNow();
        }
        for (var deployment : DEPLOYMENTS) {
            deployment.assertStoppedOrderly();
            deployment.assertLogIsClean();
        }
    }
}
