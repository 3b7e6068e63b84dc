package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.sandbox.Participant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator's backend is answered, in every container, and in one with ApsaraVideo Live. */
@ParameterizedClass
@MethodSource("deployments")
final class AdminIT {
    private static final String SECRET = "admin-secret-nobody-must-see";

    private final Deployment deployment;

    AdminIT(Deployment deployment) {
        this.deployment = deployment;
    }

    static Stream<Deployment> deployments() {
        var settings = Map.of("admin.secret", SECRET);
        return Stream.concat(
                Deployment.inEach(settings),
                Stream.of(Distribution.jetty()).map(jetty -> Deployment.startLive(jetty, settings)));
    }

    private Answer ask(String method, String target, String... headers) {
        return Deployment.checked(deployment
                .wire()
                .exchange(method + " " + Server.CONTEXT + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        + "Connection: close\r\nContent-Length: 0\r\n" + String.join("", headers) + "\r\n"));
    }

    private Answer askWithSecret(String method, String target) {
        return ask(method, target, "Authorization: Bearer " + SECRET + "\r\n");
    }

    private List<String> users(String channel) {
        return deployment.sandbox().participants(channel).stream()
                .map(Participant::user)
                .toList();
    }

    @Test
    void call_live_isListed_itsUserIsPutOut_andItIsEnded() throws Exception {
        var channel = deployment.newChannel();
        var ann = Envelopes.success(deployment.token(channel)).path("userid").textValue();
        deployment.sandbox().join(channel, ann);
        deployment.sandbox().join(channel, "bob");
        Envelopes.success(deployment.users(channel));

        var listed = Envelopes.success(askWithSecret("GET", "/admin/calls"))
                .path("calls")
                .findValuesAsText("channel");
        assertTrue(listed.contains(channel), listed::toString);

        assertTrue(Envelopes.success(askWithSecret("DELETE", "/admin/calls/" + channel + "/users/bob"))
                .path("removed")
                .booleanValue());
        assertEquals(List.of(ann), users(channel));

        var ended = Envelopes.success(askWithSecret("DELETE", "/admin/calls/" + channel + "?for=1h"));
        assertTrue(ended.path("ended").booleanValue());
        assertEquals(List.of(), users(channel));
        assertEquals(403, deployment.token(channel).status());
        assertEquals(
                "ended",
                Envelopes.success(askWithSecret("GET", "/admin/calls/" + channel))
                        .path("state")
                        .textValue());
        deployment.assertLogHasNoErrors();
        var log = deployment.server().log();
        assertTrue(log.contains("Call ended by the operator channel=" + channel + " for=3600s outcome=ended"), log);
        assertFalse(log.contains(SECRET), "tells the secret");
    }

    @Test
    void secret_missingOrWrong_is401_andNothingIsDone() {
        var channel = deployment.newChannel();
        deployment.sandbox().join(channel, "ann");
        for (var headers : List.of("", "Authorization: Bearer x\r\n", "Authorization: Basic " + SECRET + "\r\n")) {
            Envelopes.failure(401, ask("DELETE", "/admin/calls/" + channel, headers));
        }
        assertEquals(List.of("ann"), users(channel));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/calls/r%20m", "/admin/calls/r%C3%A9", "/admin/calls/a.b", "/admin/calls/0"})
    void channel_ofBadForm_is400(String target) {
        Envelopes.failure(400, askWithSecret("DELETE", target));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin", "/admin/", "/admin/calls/", "/admin/calls/a/b", "/admin/records/a"})
    void path_unknown_is404(String target) {
        Envelopes.failure(404, askWithSecret("GET", target));
    }

    @Test
    void method_wrong_is405() {
        var answer = askWithSecret("PUT", "/admin/calls/room");
        Envelopes.failure(405, answer);
        assertEquals("GET, HEAD, DELETE, OPTIONS", answer.header("Allow").orElseThrow());
    }

    @Test
    void records_whileOff_are409() {
        Envelopes.failure(409, askWithSecret("GET", "/admin/records"));
    }
}
