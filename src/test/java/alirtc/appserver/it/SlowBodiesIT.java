package alirtc.appserver.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Callers whose bodies are slow to come, where nobody wants one too, beside others. */
final class SlowBodiesIT {
    /** More than containers have threads. */
    private static final int CALLERS = 250;

    private static final Duration SOON = Duration.ofSeconds(3);

    static List<Distribution> distributions() {
        return List.of(Distribution.jetty(), Distribution.tomcat11());
    }

    @ParameterizedTest
    @MethodSource("distributions")
    void bodies_thatDoNotCome_holdNoThreads(Distribution distribution) throws Exception {
        try (var deployment = Deployment.start(distribution, Map.of("rtc.tokenCheck", "on"))) {
            for (var request : List.of(
                    "POST /1v1-audio/app/tokenCheck",
                    "GET /1v1-audio/app/token?channelId=slow",
                    "POST /1v1-audio/app/token?channelId=slow",
                    "GET /1v1-audio/app/nothing",
                    "GET /1v1-audio/health/live",
                    "POST /1v1-audio/index.html")) {
                answersBeside(deployment, request);
            }
            deployment.assertLogHasNoErrors();
        }
    }

    private static void answersBeside(Deployment deployment, String request) throws Exception {
        var callers = new ArrayList<Socket>();
        try {
            for (int i = 0; i < CALLERS; i++) {
                var caller = new Socket(
                        InetAddress.getLoopbackAddress(), deployment.server().port());
                callers.add(caller);
                caller.getOutputStream()
                        .write((request + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: 100\r\n\r\n{")
                                .getBytes(US_ASCII));
            }
            assertTimeoutPreemptively(
                    SOON,
                    () -> assertEquals(
                            200, deployment.token(deployment.newChannel()).status()),
                    request);
        } finally {
            for (var caller : callers) {
                caller.close();
            }
        }
    }
}
