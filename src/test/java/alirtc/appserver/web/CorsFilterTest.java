package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which web pages of other origins may call, and read what they get. */
class CorsFilterTest {
    private static final String TARGET = "app/token?channelId=room";
    private static final String ALLOW = "Access-Control-Allow-Origin";

    private static Map<String, String> allowing(String origins) {
        return Map.of("cors.allowedOrigins", origins);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://web.example                        | https://web.example      | https://web.example",
                "https://a.example, https://web.example     | https://web.example      | https://web.example",
                "http://localhost:5173                      | http://localhost:5173    | http://localhost:5173",
                "capacitor://localhost                      | capacitor://localhost    | capacitor://localhost",
                "http://[::1]:8080                          | http://[::1]:8080        | http://[::1]:8080",
                "*                                          | https://web.example      | *",
                "*                                          | null                     | *",
                "https://web.example                        | https://evil.example     | ''",
                "https://web.example                        | http://web.example       | ''",
                "https://web.example                        | https://web.example:8443 | ''",
                "https://web.example                        | https://web.example.evil.example | ''",
                "https://web.example                        | https://xweb.example     | ''",
                "https://web.example                        | HTTPS://WEB.EXAMPLE      | ''",
                "https://web.example                        | null                     | ''",
                "https://web.example                        | ''                       | ''",
                "https://web.example                        |                          | ''",
                "https://web.example                        | *                        | ''",
                "http://localhost:5173                      | http://localhost         | ''",
            })
    void origin_asked_isAllowedIfSet(String allowed, @Nullable String origin, String expected) throws Exception {
        try (var server = TestServer.start(allowing(allowed))) {
            var headers = origin == null ? new String[0] : new String[] {"Origin", origin};
            var answer = server.call("GET", TARGET, headers);
            assertEquals(200, answer.status());
            assertEquals(expected, answer.header(ALLOW));
            assertEquals(
                    expected.isEmpty() ? "" : "X-Request-Id, Retry-After, WWW-Authenticate, traceparent",
                    answer.header("Access-Control-Expose-Headers"));
            assertEquals("*".equals(allowed) ? "" : "Origin", answer.header("Vary"));
            assertEquals("", answer.header("Access-Control-Allow-Credentials"));
        }
    }

    @Test
    void origins_notSet_noHeaderIsSent() throws Exception {
        try (var server = TestServer.start(Map.of())) {
            for (var method : new String[] {"GET", "OPTIONS"}) {
                var answer = server.call(
                        method, TARGET, "Origin", "https://web.example", "Access-Control-Request-Method", "GET");
                assertEquals(200, answer.status());
                assertEquals("", answer.header("Vary"));
                assertFalse(
                        answer.headers().map().keySet().stream().anyMatch(name -> name.startsWith("access-control")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app/token?channelId=room",
                "app/descChannelUsers?channelId=room",
                "app/descChannelStartTime?channelId=room",
                "app/state",
                "app/tokenCheck"
            })
    void preflight_allowed_isAnsweredWithoutJwtAndAtAnyRate(String target) throws Exception {
        var settings = Map.of(
                "cors.allowedOrigins", "https://web.example",
                "auth", "jwt",
                "auth.jwt.secret", "jwt-secret-nobody-must-see-0123456789",
                "rate.perMinute", "1");
        try (var server = TestServer.start(settings)) {
            for (int i = 0; i < 3; i++) {
                var answer = server.call(
                        "OPTIONS",
                        target,
                        "Origin",
                        "https://web.example",
                        "Access-Control-Request-Method",
                        "GET",
                        "Access-Control-Request-Headers",
                        "authorization");
                assertEquals(200, answer.status());
                assertEquals("https://web.example", answer.header(ALLOW));
                assertEquals("GET, HEAD, POST", answer.header("Access-Control-Allow-Methods"));
                assertEquals(
                        "Authorization, Content-Type, appName, appVersionCode, bundleId, traceparent",
                        answer.header("Access-Control-Allow-Headers"));
                assertEquals("3600", answer.header("Access-Control-Max-Age"));
                assertEquals("Origin", answer.header("Vary"));
            }
        }
    }

    @Test
    void preflight_ofAnotherOrigin_allowsNothing() throws Exception {
        try (var server = TestServer.start(allowing("https://web.example"))) {
            var answer = server.call(
                    "OPTIONS", TARGET, "Origin", "https://evil.example", "Access-Control-Request-Method", "GET");
            assertEquals("", answer.header(ALLOW));
            assertEquals("", answer.header("Access-Control-Allow-Methods"));
            assertEquals("Origin", answer.header("Vary"));
        }
    }

    @Test
    void error_ofAnyKind_canBeReadByThePage() throws Exception {
        var settings = Map.of(
                "cors.allowedOrigins", "https://web.example",
                "auth", "jwt",
                "auth.jwt.secret", "jwt-secret-nobody-must-see-0123456789",
                "rate.perMinute", "2");
        try (var server = TestServer.start(settings)) {
            // The server has refused the test's own first request for its lack of a JWT.
            var origin = new String[] {"Origin", "https://web.example"};
            assertReadable(401, server.call("GET", TARGET, origin));
            assertReadable(429, server.call("GET", TARGET, origin));
            assertReadable(404, server.call("GET", "app/nothing", origin));
            assertReadable(405, server.call("PUT", TARGET, origin));
        }
        try (var server = TestServer.start(allowing("https://web.example"))) {
            assertReadable(400, server.call("GET", "app/token", "Origin", "https://web.example"));
        }
    }

    private static void assertReadable(int status, TestServer.Answer answer) {
        assertEquals(status, answer.status());
        assertEquals("https://web.example", answer.header(ALLOW));
        assertEquals(
                "X-Request-Id, Retry-After, WWW-Authenticate, traceparent",
                answer.header("Access-Control-Expose-Headers"));
    }

    @Test
    void page_itself_isNotSharedAcrossOrigins() throws Exception {
        try (var server = TestServer.start(allowing("*"))) {
            var raw = java.net.http.HttpClient.newHttpClient()
                    .send(
                            java.net.http.HttpRequest.newBuilder(server.page())
                                    .header("Origin", "https://web.example")
                                    .build(),
                            java.net.http.HttpResponse.BodyHandlers.ofString());
            assertEquals(200, raw.statusCode());
            assertFalse(raw.headers().firstValue(ALLOW).isPresent());
        }
    }
}
