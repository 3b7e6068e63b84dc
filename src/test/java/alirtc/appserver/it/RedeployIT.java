package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.sandbox.Sandbox;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is left of the WAR in a container that goes on without it. */
final class RedeployIT {
    private static final Pattern OUR_THREADS = Pattern.compile("\"(appserver|sdk-apache)-[^\"]*\"");

    private static final List<String> WARNINGS =
            List.of("appears to have started a thread", "failed to stop", "memory leak", "SEVERE");

    static Stream<Arguments> tomcats() {
        return Stream.of(Arguments.of(Distribution.tomcat10(), 2), Arguments.of(Distribution.tomcat11(), 10));
    }

    @ParameterizedTest
    @MethodSource("tomcats")
    void undeploy_afterUse_leavesNoThreadAndNoMemory(Tomcat tomcat, int times) throws Exception {
        var base = Server.newBase(tomcat);
        var password = TomcatManager.install(tomcat, base);
        try (var redis = TestRedis.start();
                var sandbox = Sandbox.start(Deployment.ACCOUNT, InstantSource.system());
                var server = Server.start(tomcat, base, Deployment.settings(sandbox, inRedis(redis)), Map.of())) {
            var manager = TomcatManager.of(server, password);
            for (int i = 0; i < times; i++) {
                manager.deploy(Server.war());
                Envelopes.success(server.wire().get(Server.CONTEXT + "/app/token?channelId=c"));
                Envelopes.success(server.wire().get(Server.CONTEXT + "/app/descChannelUsers?channelId=c"));
            }
            var threads = manager.threads();
            assertTrue(threads.contains("\"appserver-upstream-1\""), threads);
            assertTrue(threads.contains("\"appserver-registry-"), threads);
            assertTrue(threads.contains("\"sdk-apache-"), threads);

            manager.undeploy();

            threads = manager.threads();
            assertFalse(OUR_THREADS.matcher(threads).find(), threads);
            // Java 17 itself holds on to the last record class that was compared, and with it to one of our copies.
            var leaks = manager.leaks();
            assertTrue(leaks.size() <= 1, leaks::toString);
            var log = server.log();
            for (var warning : WARNINGS) {
                assertFalse(log.contains(warning), log);
            }
            assertEquals(
                    404,
                    server.wire()
                            .sendUndescribed("GET", Server.CONTEXT + "/app/token?channelId=c")
                            .status());
        }
    }

    /** Returns settings with which there is more that could be left than without. */
    private static Map<String, String> inRedis(TestRedis redis) {
        return Map.of("registry", "redis", "registry.redis.uri", redis.uri().toString());
    }
}
