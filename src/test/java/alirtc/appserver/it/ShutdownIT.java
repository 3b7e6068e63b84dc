package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** SIGTERM at the worst of times. */
final class ShutdownIT {
    private static final Duration LIMIT = Duration.ofSeconds(8);

    private static final String USERS = "DescribeChannelUsers";
    private static final String USER_INFO = "DescribeUserInfoInChannel";

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
    void stop_requestsUnderWay_areAnsweredAndTheEndIsOrderly() throws Exception {
        var silent = new ArrayList<CompletableFuture<Answer>>();
        for (var deployment : DEPLOYMENTS) {
            deployment.sandbox().set(Fault.slow(Duration.ofMillis(600)), USERS);
            deployment.sandbox().set(Fault.of(FaultKind.HANG), USER_INFO);
            deployment.sandbox().join("silent", "ann");
            silent.add(deployment.wire().getLater(Server.CONTEXT + "/app/descChannelStartTime?channelId=silent"));
            deployment.sandbox().awaitRequests(USER_INFO, 1, LIMIT);
        }
        var slow = new ArrayList<CompletableFuture<Answer>>();
        for (var deployment : DEPLOYMENTS) {
            slow.add(deployment.wire().getLater(Server.CONTEXT + "/app/descChannelUsers?channelId=slow"));
            deployment.sandbox().awaitRequests(USERS, 2, LIMIT);
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
        for (var answer : slow) {
            assertEquals(200, answer.join().status());
        }
        for (var answer : silent) {
            assertTrue(List.of(503, 504).contains(answer.join().status()), answer::toString);
        }
        for (var deployment : DEPLOYMENTS) {
            deployment.assertStoppedOrderly();
            deployment.assertLogIsClean();
        }
    }
}
