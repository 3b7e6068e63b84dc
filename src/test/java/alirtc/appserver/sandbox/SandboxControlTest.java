package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The developer's commands, without a servlet container around them. */
class SandboxControlTest {
    private static final Account ACCOUNT = new Account("app1", "key1", "secret1", Product.RTC);
    private static final String JWT_SECRET = "a-secret-of-thirty-two-characters!";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Sandbox sandbox = Sandbox.start(ACCOUNT, () -> NOW);
    private final SandboxControl control = new SandboxControl(
            sandbox, Optional.of(new JwtMaker(JWT_SECRET, name -> Optional.empty(), () -> NOW)), Optional.empty());

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void jwt_asked_isSignedForTheUser() throws Exception {
        var jwt = SignedJWT.parse(ask("GET", "/jwt", "sub=alice").path("jwt").textValue());
        assertTrue(jwt.verify(new MACVerifier(JWT_SECRET.getBytes(UTF_8))));
        assertEquals("alice", jwt.getJWTClaimsSet().getSubject());
        assertEquals(
                NOW.plus(Duration.ofHours(1)),
                jwt.getJWTClaimsSet().getExpirationTime().toInstant());
    }

    @Test
    void jwt_withoutASecret_isNotMade() {
        var reply = new SandboxControl(sandbox, Optional.empty(), Optional.empty())
                .answer("GET", "/jwt", Map.of("sub", new String[] {"alice"}));
        assertEquals(404, reply.status());
        assertTrue(reply.body().contains("auth.jwt.secret"), reply.body());
    }

    @Test
    void state_afterAllCommands_showsThem() throws Exception {
        var raw = new RawClient(sandbox.endpoint(), ACCOUNT, () -> NOW);
        raw.request("DescribeChannelUsers", "c1");
        var id = subscribe(raw);
        ask("PUT", "/channels/c1/users/1", "");
        ask("PUT", "/channels/c1/users/2", "");
        ask("DELETE", "/channels/c1/users/1", "");
        ask("PUT", "/fault", "kind=slow&millis=3000");
        ask("PUT", "/fault", "kind=skew&seconds=-5&action=DescribeUserInfoInChannel");
        ask("PUT", "/eventfault", "lose=30&delay=20&millis=4000");
        ask("PUT", "/eventfault", "repeat=20&spelling=ID&seed=7");
        ask("PUT", "/limit", "perSecond=100");
        ask("PUT", "/limit", "perSecond=0&action=DeleteChannel");
        raw.request("DeleteChannel", "c1");

        var state = ask("GET", "/", "");

        var session = sandbox.participants("c1").get(0).sessionId();
        assertEquals(new ObjectMapper().readTree("""
                        {"endpoint":"%s",
                         "actions":["CreateEventSubscribe","DeleteChannel","DeleteEventSubscribe",
                                    "DescribeChannelUsers","DescribeUserInfoInChannel","RemoveTerminals"],
                         "faults":[{"kind":"slow","millis":3000},
                                   {"kind":"skew","seconds":-5,"action":"DescribeUserInfoInChannel"}],
                         "limits":[{"perSecond":100},{"perSecond":0,"action":"DeleteChannel"}],
                         "throttled":{"DeleteChannel":1},
                         "eventFaults":{"lose":30,"repeat":20,"delay":20,"millis":4000,"spelling":"ID","seed":7},
                         "subscriptions":[{"id":"%s","callbackHost":"127.0.0.1:1","channel":"*","events":["UserEvent"]}],
                         "channels":{"c1":[{"user":"2","joinedAt":"2026-01-01T00:00:00Z","sessionId":"%s"}]},
                         "requests":{"CreateEventSubscribe":1,"DeleteChannel":1,"DescribeChannelUsers":1}}""".formatted(sandbox.endpoint(), id, session)), state);
        assertEquals(Fault.slow(Duration.ofSeconds(3)), sandbox.fault());
        assertFalse(state.toString().contains("secret"), state::toString);
    }

    private static String subscribe(RawClient raw) throws Exception {
        var parameters = raw.parameters("CreateEventSubscribe", "");
        parameters.put("ClientToken", "token1");
        parameters.put("CallbackUrl", "http://127.0.0.1:1/events/secret");
        parameters.put("Events.1", "UserEvent");
        return raw.request(parameters).json().path("SubscribeId").asText();
    }

    @Test
    void deliveries_oneFailed_areShown() throws Exception {
        var id = subscribe(new RawClient(sandbox.endpoint(), ACCOUNT, () -> NOW));
        ask("PUT", "/channels/c1/users/1", "");
        sandbox.callbacks().awaitDeliveries(1, Duration.ofSeconds(10));

        var deliveries = ask("GET", "/deliveries", "");

        assertEquals(1, deliveries.size());
        assertEquals(id, deliveries.path(0).path("subscription").asText());
        assertEquals(0, deliveries.path(0).path("code").asInt(-1));
        assertEquals("2026-01-01T00:00:00Z", deliveries.path(0).path("at").asText());
        assertTrue(deliveries.path(0).path("body").asText().contains("\"EventTag\":\"Join\""));
    }

    @Test
    void delete_ofLimitsEventFaultsAndSubscriptions_clearsThem() throws Exception {
        subscribe(new RawClient(sandbox.endpoint(), ACCOUNT, () -> NOW));
        ask("PUT", "/limit", "perSecond=1");
        ask("PUT", "/eventfault", "lose=30&repeat=20");

        assertEquals(1, ask("PUT", "/eventfault", "lose=0").path("eventFaults").size());
        assertTrue(ask("DELETE", "/eventfault", "").path("eventFaults").isEmpty());
        assertTrue(ask("DELETE", "/limit", "").path("limits").isEmpty());
        assertEquals(1, ask("DELETE", "/", "").path("subscriptions").size());
        assertTrue(ask("DELETE", "/subscriptions", "").path("subscriptions").isEmpty());
    }

    @ParameterizedTest
    @EnumSource(EventFaultKind.class)
    void eventFaults_everyKind_isListedAndCanBeSet(EventFaultKind kind) throws Exception {
        var listed = new TreeMap<String, String>();
        ask("GET", "/eventfaults", "")
                .forEach(one -> listed.put(
                        one.path("kind").asText(), one.path("meaning").asText()));
        assertEquals(kind.meaning(), listed.get(kind.label()));

        ask("PUT", "/eventfault", kind.label() + "=7");

        assertEquals(Map.of(kind, 7), sandbox.callbacks().faults().percent());
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
                + " 'action must be one of CreateEventSub, CreateEventSubscribe, DeleteChannel, DeleteEventSub,"
                + " DeleteEventSubscribe, DescribeChannelUsers, DescribeUserInfoInChannel, ListEventSub,"
                + " ListEventSubEvent, ListRTCLiveRooms, RemoveTerminals, UpdateEventSub'",
        "PUT, /limit, '', 400, perSecond must be given once",
        "PUT, /limit, perSecond=many, 400, perSecond must be a whole number of at most 9 digits",
        "PUT, /limit, perSecond=-1, 400, perSecond must be 0 to 1000000",
        "PUT, /limit, perSecond=1&kind=hang, 400, 'kind is unknown; there are action, perSecond'",
        "PUT, /eventfault, lose=101, 400, lose must be 0 to 100 percent",
        "PUT, /eventfault, lose=999999999, 400, lose must be 0 to 100 percent",
        "PUT, /eventfault, millis=0, 400, millis must be 1 to 3600000",
        "PUT, /eventfault, spelling=id, 400, spelling must be Id or ID",
        "PUT, /eventfault, drop=1, 400,"
                + " 'drop is unknown; there are lose, omit, repeat, duplicate, reorder, delay, millis, seed, spelling'",
        "POST, /fault, '', 405, 'Allowed here: DELETE, PUT'",
        "GET, /nothing, '', 404,"
                + " 'No such path. There are: /, /channels/{channel}, /channels/{channel}/users/{user}, /deliveries,"
                + " /eventfault, /eventfaults, /fault, /faults, /jwt, /limit, /subscriptions, /webhooks, /webhookfault'",
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
