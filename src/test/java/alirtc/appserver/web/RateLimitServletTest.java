package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import alirtc.appserver.auth.Jwts;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How often callers may ask: who they are, or where they call from, decides whom a request counts for. */
class RateLimitServletTest {
    private static final String SECRET = "jwt-secret-nobody-must-see-0123456789";
    private static final String TARGET = "app/token?channelId=room";
    private static final Map<String, String> BY_ADDRESS = Map.of("rate.perMinute", "3", "proxy.trusted", "127.0.0.1");
    private static final Map<String, String> BY_USER =
            Map.of("rate.perMinute", "3", "proxy.trusted", "127.0.0.1", "auth", "jwt", "auth.jwt.secret", SECRET);

    private static int askFrom(TestServer server, String address) throws Exception {
        return server.call("GET", TARGET, "X-Forwarded-For", address).status();
    }

    private static TestServer.Answer askAs(TestServer server, String user, String address) throws Exception {
        var jwt = Jwts.of(
                "{'alg':'HS256'}",
                "{'sub':'" + user + "','exp':$+6000}",
                server.time().wall().instant(),
                Jwts.hmac(256, SECRET.getBytes(UTF_8)));
        return server.call("GET", TARGET, "X-Forwarded-For", address, "Authorization", "Bearer " + jwt);
    }

    @Test
    void limit_notSet_isNone() throws Exception {
        try (var server = TestServer.start(Map.of())) {
            for (int i = 0; i < 100; i++) {
                assertEquals(200, server.call("GET", TARGET).status());
            }
        }
    }

    @Test
    void address_asksTooOften_isToldWhenToTryAgain_andIsServedThen() throws Exception {
        try (var server = TestServer.start(BY_ADDRESS)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, askFrom(server, "198.51.100.1"));
            }
            var refused = server.call("GET", TARGET, "X-Forwarded-For", "198.51.100.1");
            assertEquals(429, refused.status());
            assertEquals("20", refused.retryAfter());
            assertEquals("429", refused.body().path("code").textValue());
            assertEquals("false", refused.body().path("result").textValue());
            assertFalse(refused.body().has("data"));
            assertEquals(200, askFrom(server, "198.51.100.2"));
            server.time().advance(Duration.ofSeconds(20));
            assertEquals(200, askFrom(server, "198.51.100.1"));
            assertEquals(429, askFrom(server, "198.51.100.1"));
        }
    }

    @Test
    void addresses_ofOneIpv6Network_areOneCaller() throws Exception {
        try (var server = TestServer.start(BY_ADDRESS)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, askFrom(server, "2001:db8:1:2::" + i));
            }
            assertEquals(429, askFrom(server, "2001:db8:1:2:ffff::9"));
            assertEquals(200, askFrom(server, "2001:db8:1:3::1"));
        }
    }

    @Test
    void everyRoute_countsForTheSame_butOptionsAndWhatIsNotThereForNothing() throws Exception {
        try (var server = TestServer.start(BY_ADDRESS)) {
            var from = new String[] {"X-Forwarded-For", "198.51.100.1"};
            for (int i = 0; i < 5; i++) {
                assertEquals(200, server.call("OPTIONS", TARGET, from).status());
                assertEquals(404, server.call("GET", "app/nothing", from).status());
                assertEquals(405, server.call("PUT", TARGET, from).status());
            }
            assertEquals(200, server.call("HEAD", TARGET, from).status());
            assertEquals(200, server.call("GET", "app/state", from).status());
            assertEquals(200, server.call("GET", TARGET, from).status());
            assertEquals(429, server.call("HEAD", TARGET, from).status());
            assertEquals(429, server.call("GET", "app/state", from).status());
            assertEquals(
                    429,
                    server.call("GET", "app/descChannelUsers?channelId=room", from)
                            .status());
        }
    }

    @Test
    void header_ofAProxyThatIsNotTrusted_countsForNothing() throws Exception {
        try (var server = TestServer.start(Map.of("rate.perMinute", "4", "proxy.trusted", "10.0.0.0/8"))) {
            // The server has answered the test's own first request.
            for (int i = 0; i < 3; i++) {
                assertEquals(200, askFrom(server, "198.51.100." + i));
            }
            assertEquals(429, askFrom(server, "198.51.100.9"));
        }
    }

    @Test
    void user_asksTooOften_isRefusedFromEverywhere_othersAreNot() throws Exception {
        try (var server = TestServer.start(BY_USER)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, askAs(server, "alice", "198.51.100." + i).status());
            }
            var refused = askAs(server, "alice", "198.51.100.9");
            assertEquals(429, refused.status());
            assertEquals("20", refused.retryAfter());
            assertEquals("", refused.header("WWW-Authenticate"));
            for (int i = 0; i < 3; i++) {
                assertEquals(200, askAs(server, "bob" + i, "198.51.100.9").status());
            }
        }
    }

    @Test
    void address_withManyBadJwts_isRefusedBeforeItsNextIsLookedAt() throws Exception {
        try (var server = TestServer.start(BY_USER)) {
            for (int i = 0; i < 3; i++) {
                var bad = server.call(
                        "GET", TARGET, "X-Forwarded-For", "198.51.100.1", "Authorization", "Bearer x.y." + i);
                assertEquals(401, bad.status());
            }
            var refused = askAs(server, "alice", "198.51.100.1");
            assertEquals(429, refused.status());
            assertEquals("20", refused.retryAfter());
            assertEquals(200, askAs(server, "alice", "198.51.100.2").status());
            server.time().advance(Duration.ofSeconds(20));
            assertEquals(200, askAs(server, "alice", "198.51.100.1").status());
        }
    }
}
