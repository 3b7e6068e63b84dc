package alirtc.appserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The developer's commands, without a servlet container around them. */
class SandboxControlTest {
    private static final Account ACCOUNT = new Account("app1", "key1", "secret1", Product.RTC);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Sandbox sandbox = Sandbox.start(ACCOUNT, () -> NOW);
    private final SandboxControl control = new SandboxControl(sandbox);

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void state_afterAllCommands_showsThem() throws Exception {
        new RawClient(sandbox.endpoint(), ACCOUNT, () -> NOW).request("DescribeChannelUsers", "c1");
        ask("PUT", "/channels/c1/users/1", "");
        ask("PUT", "/channels/c1/users/2", "");
        ask("DELETE", "/channels/c1/users/1", "");
        ask("PUT", "/fault", "kind=slow&millis=3000");
        ask("PUT", "/fault", "kind=skew&seconds=-5&action=DescribeUserInfoInChannel");

        var state = ask("GET", "/", "");

        assertEquals(new ObjectMapper().readTree("""
                        {"endpoint":"%s",
                         "faults":[{"kind":"slow","millis":3000},
                                   {"kind":"skew","seconds":-5,"action":"DescribeUserInfoInChannel"}],
                         "channels":{"c1":[{"user":"2","joinedAt":"2026-01-01T00:00:00Z"}]},
                         "requests":{"DescribeChannelUsers":1}}""".formatted(sandbox.endpoint())), state);
        assertEquals(Fault.slow(Duration.ofSeconds(3)), sandbox.fault());
    }

    @Test
    void delete_ofFaultChannelAndAll_clearsThem() throws Exception {
        ask("PUT", "/fault", "kind=hang&action=DeleteChannel");
        assertTrue(ask("DELETE", "/fault", "").path("faults").isEmpty());
        ask("PUT", "/channels/c1/users/1", "");
        assertTrue(ask("DELETE", "/channels/c1", "").path("channels").isEmpty());
        ask("PUT", "/channels/c1/users/1", "");
        assertTrue(ask("DELETE", "/", "").path("channels").isEmpty());
    }

    @ParameterizedTest
    @EnumSource(FaultKind.class)
    void faults_everyKind_isListedAndCanBeSet(FaultKind kind) throws Exception {
        var listed = new TreeMap<String, String>();
        ask("GET", "/faults", "")
                .forEach(one -> listed.put(
                        one.path("kind").asText(), one.path("meaning").asText()));
        assertEquals(kind.meaning(), listed.get(kind.label()));

        var amount = kind.parameter().map(name -> "&" + name + "=7").orElse("");
        ask("PUT", "/fault", "kind=" + kind.label() + amount);

        assertEquals(kind, sandbox.fault().kind());
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /channels/a b/users/1, '', 400, channel must be 1-64 of A-Z a-z 0-9 _ -",
        "PUT, /channels/c1/users/a.b, '', 400, user must be 1-64 of A-Z a-z 0-9 _ -",
        "DELETE, /channels/c1/users/1, '', 404, User 1 is not in channel c1",
        "DELETE, /channels/c1, '', 404, No channel c1",
        "PUT, /fault, '', 400, kind must be given once",
        "PUT, /fault, kind=slow, 400, millis must be given once",
        "PUT, /fault, kind=slow&millis=soon, 400, millis must be a whole number of at most 9 digits",
        "PUT, /fault, kind=slow&millis=-1, 400, slow takes no negative millis",
        "PUT, /fault, kind=skew&seconds=86401, 400, skew takes at most 86400 seconds",
        "PUT, /fault, kind=hang&millis=1, 400, 'millis is unknown; kind hang goes with action, kind'",
        "PUT, /fault, kind=refuse&action=DeleteChannel, 400,"
                + " refuse holds for all actions: a refused connection names none",
        "PUT, /fault, kind=hang&action=Nothing, 400,"
                + " 'action must be one of DeleteChannel, DescribeChannelUsers, DescribeUserInfoInChannel'",
        "POST, /fault, '', 405, 'Allowed here: DELETE, PUT'",
        "GET, /nothing, '', 404,"
                + " 'No such path. There are: /, /channels/{channel}, /channels/{channel}/users/{user}, /fault, /faults'",
    })
    void command_wrong_saysWhatIsAllowed(String method, String path, String query, int status, String message)
            throws Exception {
        var reply = control.answer(method, path, parameters(query));

        assertEquals(status, reply.status());
        assertEquals(
                message,
                new ObjectMapper().readTree(reply.body()).path("message").asText());
    }

    @Test
    void kind_unknown_namesAllKinds() throws Exception {
        var reply = control.answer("PUT", "/fault", parameters("kind=HANG"));

        assertEquals(400, reply.status());
        assertTrue(reply.body().contains("kind must be one of none, hang, slow, trickle"), reply.body());
    }

    @Test
    void method_notAllowed_isAnsweredWithThoseThatAre() {
        var reply = control.answer("POST", "/", Map.of());

        assertEquals("DELETE, GET", reply.headers().get("Allow"));
    }

    @Test
    void head_ofTheState_isAnsweredLikeGet() {
        assertEquals(200, control.answer("HEAD", "/", Map.of()).status());
    }

    private JsonNode ask(String method, String path, String query) throws Exception {
        var reply = control.answer(method, path, parameters(query));
        assertEquals(200, reply.status(), reply.body());
        assertFalse(reply.headers().isEmpty());
        return new ObjectMapper().readTree(reply.body());
    }

    private static Map<String, String[]> parameters(String query) {
        var parameters = new TreeMap<String, String[]>();
        if (!query.isEmpty()) {
            for (var pair : query.split("&", -1)) {
                var parts = pair.split("=", 2);
                parameters.put(parts[0], new String[] {parts[1]});
            }
        }
        return parameters;
    }
}
