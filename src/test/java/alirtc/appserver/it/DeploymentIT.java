package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.auth.Jwts;
import alirtc.appserver.auth.KeyServer;
import alirtc.appserver.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How an operator's settings reach the WAR, and what the WAR says of those that are wrong. */
final class DeploymentIT {
    private static final Pattern REFUSAL = Pattern.compile("The server cannot start with these settings");

    private static final String ORIGIN = "Origin: https://web.example\r\n";
    private static final String END = "Connection: close\r\n\r\n";

    static List<Distribution> distributions() {
        return Distribution.all();
    }

    @ParameterizedTest
    @MethodSource("distributions")
    void start_nothingSet_isRefusedInOneMessageNamingAll(Distribution distribution) throws Exception {
        try (var server = Server.start(distribution, Map.of(), Map.of())) {
            assertRefusal(
                    server, "rtc.1v1audio.appId", "rtc.1v1audio.appKey", "accessKeyID", "accessKeySecret", "roleName");
        }
    }

    @Test
    void start_malformedAndUnknownSettings_isRefusedInOneMessageNamingAll() throws Exception {
        var properties = Map.of(
                "rtc.1v1audio.appId", Deployment.APP_ID,
                "rtc.1v1audio.appKey", "not-to-be-shown 1",
                "accessKeyID", "id",
                "durationlimit", "not-to-be-shown 2",
                "rtc.tokenTTL", "not-to-be-shown 3",
                "rtc.openapi.endpoint", "http://not-to-be-shown.example");
        var environment = Map.of("RTC_TOKENTLL", "not-to-be-shown 4");
        try (var server = Server.start(Distribution.tomcat11(), properties, environment)) {
            assertRefusal(
                    server,
                    "rtc.1v1audio.appKey, set as",
                    "accessKeySecret is missing",
                    "durationlimit, set as",
                    "rtc.tokenTTL, set as system property -Drtc.tokenTTL, is not a setting; did you mean rtc.tokenTtl?",
                    "RTC_TOKENTLL, set as environment variable, is not a setting",
                    "rtc.openapi.endpoint, set as");
        }
    }

    /** System property, then environment, then the file, then what lies in the WAR: each wins over the next. */
    @Test
    void settings_fromEverySource_winInTheirOrder(@TempDir Path folder) throws Exception {
        try (var sandbox = Sandbox.start(Deployment.ACCOUNT, InstantSource.system())) {
            var more = Map.of("rtc.1v1audio.appId", "byFile", "rtc.gslb", "https://file.example", "rtc.tokenTtl", "2h");
            var file = Files.writeString(
                    folder.resolve("rtc.properties"),
                    Deployment.settings(sandbox, more).entrySet().stream()
                            .map(setting -> setting.getKey() + " = " + setting.getValue() + "\n")
                            .collect(Collectors.joining()));
            var environment = Map.of(
                    "RTC_CONFIG", file.toString(),
                    "RTC_1V1AUDIO_APPID", "byEnvironment",
                    "RTC_GSLB", "https://environment.example");
            var properties = Map.of("rtc.1v1audio.appId", "byProperty");

            try (var server = Server.start(Distribution.jetty(), properties, environment)) {
                var data = Envelopes.success(server.wire().get(Server.CONTEXT + "/app/token?channelId=c"));

                assertEquals("byProperty", data.path("appid").textValue());
                assertEquals(
                        "https://environment.example", data.path("gslb").path(0).textValue());
                var ttl = Duration.between(
                        Instant.now(),
                        Instant.ofEpochSecond(data.path("timestamp").longValue()));
                assertEquals(120, ttl.plusSeconds(30).toMinutes(), "minutes, of which the WAR's file has 720");
            }
        }
    }

    /** What is off by default, all of it, and a secret in a file: in a container, where no test holds the clock. */
    @Test
    void access_closed_letsInWhoProvesWhoTheyAre(@TempDir Path folder) throws Exception {
        var key = Jwts.newKey("RSA", 2048);
        var appKey = Files.writeString(folder.resolve("app-key"), Deployment.APP_KEY + "\n");
        try (var sandbox = Sandbox.start(Deployment.ACCOUNT, InstantSource.system());
                var keys = KeyServer.start(Jwts.jwks(Jwts.jwk("one", key, "")))) {
            var settings = Deployment.settings(
                    sandbox,
                    Map.of(
                            "auth", "jwt",
                            "auth.jwt.jwks", keys.address().toString(),
                            "auth.jwt.audience", "rtc",
                            "rate.perMinute", "3",
                            "proxy.trusted", "127.0.0.1",
                            "cors.allowedOrigins", "https://web.example"));
            settings.remove("rtc.1v1audio.appKey");
            var environment = Map.of("RTC_1V1AUDIO_APPKEY_FILE", appKey.toString());
            try (var server = Server.start(Distribution.tomcat10(), settings, environment)) {
                var jwt = Jwts.of(
                        "{'alg':'RS256','kid':'one'}",
                        "{'sub':'alice','aud':'rtc','exp':$+600}",
                        Instant.now(),
                        Jwts.rsa(key));
                for (int i = 0; i < 3; i++) {
                    var data = Envelopes.success(ask(server, jwt));
                    assertEquals("alice", data.path("userid").textValue());
                }
                var tooOften = ask(server, jwt);
                Envelopes.failure(429, tooOften);
                assertTrue(tooOften.header("Retry-After").orElse("").matches("[0-9]+"), tooOften::toString);
                var forged = ask(server, jwt.substring(0, jwt.length() - 8) + "AAAAAAAA");
                Envelopes.failure(401, forged);
                assertEquals(
                        Optional.of("Bearer realm=\"1v1-audio\", error=\"invalid_token\""),
                        forged.header("WWW-Authenticate"));
                var trace = server.wire()
                        .exchange("TRACE /1v1-audio/app/tokenCheck HTTP/1.1\r\nHost: 127.0.0.1\r\n" + ORIGIN + END);
                Envelopes.failure(405, trace);
                assertEquals(Optional.of("POST, OPTIONS"), trace.header("Allow"));
                for (var answer : List.of(tooOften, forged, trace)) {
                    assertEquals(Optional.of("https://web.example"), answer.header("Access-Control-Allow-Origin"));
                    assertEquals(Optional.of("Origin"), answer.header("Vary"));
                }
                var log = server.log();
                assertFalse(log.contains("Open to all"), log);
                assertFalse(log.contains(Deployment.APP_KEY), log);
                assertFalse(log.contains(jwt.substring(jwt.length() - 40)), log);
                server.stop();
                assertFalse(server.log().contains("appears to have started a thread"), server.log());
            }
        }
    }

    private static Answer ask(Server server, String jwt) {
        return server.wire()
                .exchange("GET /1v1-audio/app/token?channelId=c HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                        + jwt + "\r\n" + ORIGIN + END);
    }

    private static void assertRefusal(Server server, String... named) throws Exception {
        var log = server.log();
        assertEquals(1, REFUSAL.matcher(log).results().count(), log);
        var message = log.substring(log.indexOf("The server cannot start with these settings"));
        for (var name : named) {
            assertTrue(message.contains(name), () -> name + " is not named in " + log);
        }
        assertFalse(log.contains("not-to-be-shown"), log);
        for (var path : List.of("/", "/index.html", "/app/token?channelId=c")) {
            var answer = server.wire().sendUndescribed("GET", Server.CONTEXT + path);
            assertTrue(Set.of(404, 503).contains(answer.status()), answer::toString);
            assertFalse(answer.body().contains("settings"), answer::toString);
        }
    }
}
