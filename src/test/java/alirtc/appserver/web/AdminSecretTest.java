package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is taken for the operator's backend, and what is said to all others: as little as can be. */
class AdminSecretTest {
    private static final String SECRET = "Admin-Secret-nobody-must-see+/=";
    private static final String JWT_SECRET = "jwt-secret-nobody-must-see-0123456789-0123456789";
    private static final String TARGET = "admin/calls";

    /** Each attempt comes from an address of its own, so that none is rejected for those before. */
    private static final Map<String, String> SETTINGS = Map.of(
            "admin.secret", SECRET,
            "proxy.trusted", "127.0.0.1",
            "auth", "jwt",
            "auth.jwt.secret", JWT_SECRET,
            "rate.perMinute", "3",
            "cors.allowedOrigins", "https://web.example");

    private static int clients;
    private static @Nullable TestServer shared;

    @BeforeAll
    static void start() throws Exception {
        shared = TestServer.start(SETTINGS);
    }

    @AfterAll
    static void stop() {
        shared().close();
    }

    private static TestServer shared() {
        return Objects.requireNonNull(shared);
    }

    private static String newClient() {
        clients++;
        return "198.51." + clients / 250 + "." + (1 + clients % 250);
    }

    private static TestServer.Answer ask(String... headers) throws Exception {
        var all = Stream.concat(Stream.of("X-Forwarded-For", newClient()), Stream.of(headers));
        return shared().call("GET", TARGET, all.toArray(String[]::new));
    }

    private static void assertRefused(int status, String error, TestServer.Answer answer) {
        assertEquals(status, answer.status(), answer.body()::toString);
        assertEquals(
                "Bearer realm=\"1v1-audio\"" + (error.isEmpty() ? "" : ", error=\"" + error + "\""),
                answer.header("WWW-Authenticate"));
        var body = answer.body();
        assertEquals("false", body.path("result").textValue());
        assertFalse(body.path("message").textValue().isEmpty());
        assertFalse(body.has("data"));
        assertFalse(body.toString().contains("nobody-must-see"), body::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "Bearer   "})
    void secret_right_isAccepted_whateverTheSchemesCase(String scheme) throws Exception {
        assertEquals(200, ask("Authorization", scheme + SECRET).status());
    }

    static Stream<String> wrongSecrets() {
        return Stream.of(
                SECRET.substring(1),
                SECRET.substring(0, SECRET.length() - 1),
                SECRET + "x",
                "x" + SECRET,
                SECRET + "=",
                SECRET + SECRET,
                SECRET + "%00",
                SECRET + ",",
                SECRET + ",Bearer",
                "\"" + SECRET + "\"",
                SECRET.replace("+", "%2B"),
                SECRET.replace("+", "-").replace("/", "_"),
                SECRET.replace("=", ""),
                "(secret)",
                "null",
                "undefined",
                "*",
                ".",
                JWT_SECRET,
                "S".repeat(4096),
                "A" + "dmin-Secret-nobody-must-see+/".repeat(100));
    }

    @ParameterizedTest
    @MethodSource("wrongSecrets")
    void secret_wrong_is401(String wrong) throws Exception {
        assertRefused(401, "invalid_token", ask("Authorization", "Bearer " + wrong));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Basic " + SECRET,
                "Basic OkFkbWluLVNlY3JldC1ub2JvZHktbXVzdC1zZWUrLz0=",
                "Token " + SECRET,
                "Digest " + SECRET,
                "Bearer: " + SECRET,
                "Bearer=" + SECRET,
                "Bearer\t" + SECRET,
                "Bearer" + SECRET,
                "xBearer " + SECRET,
                "Bearer " + SECRET + " " + SECRET,
                "Bearer " + SECRET + ", Bearer x",
                "Bearer x " + SECRET,
                "Bearer Bearer " + SECRET,
                SECRET,
            })
    void credentials_ofAnotherForm_are401(String authorization) throws Exception {
        assertRefused(401, "", ask("Authorization", authorization));
    }

    @Test
    void credentials_none_are401() throws Exception {
        assertRefused(401, "", ask());
    }

    @Test
    void credentials_twice_are400_beBothRightOrOne() throws Exception {
        var right = "Bearer " + SECRET;
        assertRefused(400, "invalid_request", ask("Authorization", right, "Authorization", right));
        assertRefused(400, "invalid_request", ask("Authorization", right, "Authorization", "Bearer x"));
        assertRefused(400, "invalid_request", ask("Authorization", "Bearer x", "Authorization", right));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Admin-Secret", "X-Authorization", "Proxy-Authorization", "Cookie", "X-Admin-Actor"})
    void secret_inAnotherHeader_is401(String header) throws Exception {
        assertRefused(401, "", ask(header, SECRET));
        assertRefused(401, "", ask(header, "Bearer " + SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "admin.secret", "access_token", "authorization", "Authorization"})
    void secret_inTheAddress_is401_andIsNotRepeated(String parameter) throws Exception {
        var answer = shared().call(
                        "GET",
                        TARGET + "?" + parameter + "=Admin-Secret-nobody-must-see%2B%2F%3D",
                        "X-Forwarded-For",
                        newClient());
        assertRefused(401, "", answer);
    }

    @Test
    void jwt_thatIsGoodForPhones_is401() throws Exception {
        var token = JwtUser.token(shared(), "ann", "room1");
        assertEquals(200, token.status());
        assertRefused(401, "invalid_token", ask("Authorization", "Bearer " + JwtUser.of(shared(), "ann")));
    }

    /** Sends a header as bytes, which clients of HTTP would refuse to. */
    private static String rawAnswer(String authorization) throws Exception {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), shared().page().getPort())) {
            socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(("GET /1v1-audio/admin/calls HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + newClient()
                                    + "\r\nConnection: close\r\nAuthorization: " + authorization + "\r\n\r\n")
                            .getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Letters beyond ASCII, as ISO-8859-1 and as UTF-8; digits of full width; a letter that looks alike.
        "Bearer Admin-Secret-nobody-must-see+/=\u00e9",
        "Bearer Admin-Secret-nobody-must-see+/\u00c3\u00a9",
        "Bearer \u00efbc\u00a1dmin-Secret-nobody-must-see+/=",
        "Bearer \u00d0\u0090dmin-Secret-nobody-must-see+/=",
        "Bearer Admin-Secret-nobody-must-see+/=\u00a0",
    })
    void secret_beyondAscii_isRefused(String authorization) throws Exception {
        var answer = rawAnswer(authorization);
        assertTrue(answer.startsWith("HTTP/1.1 401 ") || answer.startsWith("HTTP/1.1 400 "), answer);
        assertFalse(answer.contains("nobody-must-see"), answer);
    }

    /** On one connection Jetty takes a header for the one before if they differ in case alone. */
    @Test
    void secret_inAnotherCase_isRefused() throws Exception {
        for (var wrong : List.of(SECRET.toLowerCase(Locale.ROOT), SECRET.toUpperCase(Locale.ROOT))) {
            var answer = rawAnswer("Bearer " + wrong);
            assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
        }
    }

    @Test
    void secret_rightOverARawConnection_isAccepted() throws Exception {
        assertTrue(rawAnswer("Bearer " + SECRET).startsWith("HTTP/1.1 200 "));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, admin/calls",
        "GET, admin/calls/room1",
        "DELETE, admin/calls/room1",
        "DELETE, admin/calls/room1/users/ann",
        "GET, admin/records",
        "GET, admin/webhooks",
        "POST, admin/webhooks/msg_1_1",
    })
    void route_each_wantsTheSecret(String method, String target) throws Exception {
        shared().sandbox().join("room1", "ann");
        assertRefused(401, "", shared().call(method, target, "X-Forwarded-For", newClient()));
        assertRefused(
                401,
                "invalid_token",
                shared().call(method, target, "X-Forwarded-For", newClient(), "Authorization", "Bearer x"));
        assertEquals(1, shared().sandbox().participants("room1").size());
    }

    @Test
    void address_withManyWrongSecrets_isRefusedBeforeItsNextIsLookedAt_othersAreNot() throws Exception {
        var client = newClient();
        for (int i = 0; i < 10; i++) {
            assertEquals(401, from(client, "Bearer wrong" + i).status());
        }
        var refused = from(client, "Bearer " + SECRET);
        assertEquals(429, refused.status());
        assertEquals("6", refused.retryAfter());
        assertEquals("", refused.header("WWW-Authenticate"));
        assertEquals(200, from(newClient(), "Bearer " + SECRET).status());
        shared().time().advance(Duration.ofSeconds(6));
        assertEquals(200, from(client, "Bearer " + SECRET).status());
    }

    @Test
    void address_withTheRightSecret_mayAskAsOftenAsItLikes() throws Exception {
        var client = newClient();
        for (int i = 0; i < 50; i++) {
            assertEquals(200, from(client, "Bearer " + SECRET).status());
        }
    }

    private static TestServer.Answer from(String client, String authorization) throws Exception {
        return shared().call("GET", TARGET, "X-Forwarded-For", client, "Authorization", authorization);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "OPTIONS", "DELETE"})
    void browser_ofWhateverOrigin_isToldNothingThatLetsItRead(String method) throws Exception {
        for (var origin : List.of("https://web.example", "http://127.0.0.1", "null")) {
            var answer = shared().call(
                            method,
                            "admin/calls/room1",
                            "X-Forwarded-For",
                            newClient(),
                            "Authorization",
                            "Bearer " + SECRET,
                            "Origin",
                            origin,
                            "Access-Control-Request-Method",
                            "DELETE",
                            "Access-Control-Request-Headers",
                            "authorization");
            var told = answer.headers().map().keySet().stream()
                    .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control"))
                    .toList();
            assertEquals(List.of(), told);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "admin/calls",
                "admin/calls/room1",
                "admin/calls/room1/users/ann",
                "admin/records",
                "admin/webhooks",
                "admin/webhooks/msg_1_1",
            })
    void routes_whileNoSecretIsSet_areAnsweredAsAnyUnknownAddress(String target) throws Exception {
        try (var server = TestServer.start(Map.of())) {
            var unknown = server.call("GET", "nothing/here").told();
            assertEquals(404, unknown.get("status"));
            for (var authorization : List.of("Bearer " + SECRET, "Bearer ", "Basic x")) {
                assertEquals(
                        unknown,
                        server.call("GET", target, "Authorization", authorization)
                                .told());
            }
            // Of other unknown addresses, Jetty says that they cannot be deleted; Tomcat, that they are not there.
            assertEquals(
                    unknown,
                    server.call("DELETE", target, "Authorization", "Bearer " + SECRET)
                            .told());
            assertEquals(unknown, server.call("OPTIONS", target).told());
        }
    }
}
