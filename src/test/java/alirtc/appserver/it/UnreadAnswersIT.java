package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Callers who read no answers, beside those who do. */
final class UnreadAnswersIT {
    private static final int CALLERS = 250;
    private static final Duration SOON = Duration.ofSeconds(3);

    /** Longer than any of a phone's, so that the system keeps few before it lets the server wait. */
    private static final int CROWD = 600;

    private static final int CROWDED_CHANNELS = 100;

    static List<Distribution> distributions() {
        return List.of(Distribution.jetty(), Distribution.tomcat11());
    }

    @ParameterizedTest
    @MethodSource("distributions")
    void callers_readNoAnswers_othersGetTheirsSoon(Distribution distribution) throws Exception {
        try (var deployment = Deployment.start(distribution, Map.of("log.requests", "off"))) {
            for (int channel = 0; channel < CROWDED_CHANNELS; channel++) {
                for (int user = 0; user < CROWD; user++) {
                    deployment.sandbox().join("crowd-" + channel, "somebody-with-a-long-name-" + user);
                }
            }
            answersBeside(deployment, number -> "/app/descChannelUsers?channelId=crowd-" + number % CROWDED_CHANNELS);
            answersBeside(deployment, number -> "/page/words.js");
            deployment.assertLogIsClean();
        }
    }

    private static void answersBeside(Deployment deployment, LongFunction<String> targets) throws Exception {
        try (var callers = UnreadingCallers.start(
                deployment.server().port(), CALLERS, number -> Server.CONTEXT + targets.apply(number))) {
            callers.awaitStall();
            for (int i = 0; i < 3; i++) {
                var channel = deployment.newChannel();
                soon(() -> assertEquals(200, deployment.token(channel).status()));
                soon(() -> assertEquals(200, deployment.users(channel).status()));
                soon(() -> assertEquals(200, deployment.get("/health/live").status()));
                soon(() -> assertEquals(404, deployment.get("/app/nothing").status()));
            }
        }
    }

    private static void soon(Executable answered) {
        assertTimeoutPreemptively(SOON, answered);
    }
}
