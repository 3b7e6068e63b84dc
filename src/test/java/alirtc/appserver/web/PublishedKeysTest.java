package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.auth.Jwts;
import alirtc.appserver.auth.KeyServer;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that a server publishes: how they come, change, and stay when that server does not answer well. */
class PublishedKeysTest {
    private static final KeyPair OLD = Jwts.newKey("RSA", 2048);
    private static final KeyPair NEW = Jwts.newKey("RSA", 2048);
    private static final String OLD_KEY = Jwts.jwk("old", OLD, "");
    private static final String NEW_KEY = Jwts.jwk("new", NEW, "");
    private static final Duration GAP = Duration.ofSeconds(10);
    private static final Duration FETCH_LIMIT = Duration.ofSeconds(2);

    private final KeyServer keys = KeyServer.start(Jwts.jwks(OLD_KEY));

    @AfterEach
    void stop() {
        keys.close();
    }

    private TestServer start() throws Exception {
        return TestServer.start(
                Map.of("auth", "jwt", "auth.jwt.jwks", keys.address().toString()));
    }

    private static CompletableFuture<TestServer.Answer> ask(TestServer server, KeyPair key, String id) {
        var jwt = Jwts.of(
                "{'alg':'RS256','kid':'" + id + "'}",
                "{'sub':'alice','exp':$+600}",
                server.time().wall().instant(),
                Jwts.rsa(key));
        return server.send(HttpRequest.newBuilder(server.page().resolve("app/token?channelId=room"))
                .header("Authorization", "Bearer " + jwt));
    }

    private static TestServer.Answer answer(TestServer server, KeyPair key, String id) throws Exception {
        return ask(server, key, id).get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Lets time pass, a second at a time, until the answer is of that status. */
    private static void until(int status, TestServer server, KeyPair key, String id) throws Exception {
        for (int i = 0; i < 600; i++) {
            if (answer(server, key, id).status() == status) {
                return;
            }
            server.time().advance(Duration.ofSeconds(1));
        }
        assertEquals(status, answer(server, key, id).status());
    }

    @Test
    void start_keysThere_firstCallerIsLetIn() throws Exception {
        try (var server = start()) {
            assertEquals(200, answer(server, OLD, "old").status());
            assertEquals(1, keys.asked());
        }
    }

    @Test
    void start_serverHangs_isNotHeldUp_andCallersGet503WhenTheFetchIsGivenUp() throws Exception {
        keys.behave("hang");
        try (var server = start()) {
            var waiting = ask(server, OLD, "old");
            assertEquals(401, server.call("GET", "app/token?channelId=room").status());
            assertEquals(200, server.call("GET", "app/state").status());
            assertFalse(waiting.isDone());
            server.time().advance(FETCH_LIMIT);
            var answer = waiting.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertEquals(503, answer.status());
            assertEquals("10", answer.retryAfter());
            assertEquals("", answer.header("WWW-Authenticate"));
            keys.behave("good");
            until(200, server, OLD, "old");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "html",
                "500",
                "404",
                "201",
                "redirect",
                "truncated",
                "empty body",
                "no keys",
                "keys no list",
                "list",
                "huge",
                "cut"
            })
    void start_serverLies_nobodyIsLetInUntilItDoesNot(String behaviour) throws Exception {
        keys.behave(behaviour);
        try (var server = start()) {
            assertEquals(503, answer(server, OLD, "old").status());
            assertEquals(1, keys.asked(), "nobody is followed anywhere");
            keys.behave("good");
            until(200, server, OLD, "old");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hang",
                "drip",
                "html",
                "500",
                "redirect",
                "truncated",
                "empty body",
                "no keys",
                "keys no list",
                "huge",
                "cut"
            })
    void keys_knownAndServerGoesBad_goOnBeingGood(String behaviour) throws Exception {
        try (var server = start()) {
            assertEquals(200, answer(server, OLD, "old").status());
            keys.behave(behaviour);
            server.time().advance(Duration.ofMinutes(5));
            awaitAsked(2);
            assertEquals(200, answer(server, OLD, "old").status());
            server.time().advance(FETCH_LIMIT);
            assertEquals(401, answer(server, NEW, "new").status());
            server.time().advance(Duration.ofHours(1));
            assertEquals(200, answer(server, OLD, "old").status());
        }
    }

    private void awaitAsked(int times) {
        long deadline = System.nanoTime() + TestServer.PATIENCE.toNanos();
        while (keys.asked() < times && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertTrue(keys.asked() >= times);
    }

    @Test
    void keys_serverGoneForHours_goOnBeingGood() throws Exception {
        try (var server = start()) {
            assertEquals(200, answer(server, OLD, "old").status());
            keys.close();
            for (int i = 0; i < 20; i++) {
                server.time().advance(Duration.ofMinutes(30));
                assertEquals(200, answer(server, OLD, "old").status());
            }
        }
    }

    @Test
    void key_new_isTakenAtItsFirstUse_andTheOldIsNoLonger() throws Exception {
        try (var server = start()) {
            assertEquals(200, answer(server, OLD, "old").status());
            server.time().advance(GAP);
            keys.publish(Jwts.jwks(NEW_KEY));
            assertEquals(200, answer(server, NEW, "new").status());
            assertEquals(401, answer(server, OLD, "old").status());
            assertEquals(401, answer(server, OLD, "new").status());
        }
    }

    @Test
    void key_newWhileTheServerHangs_waitsForTheFetchAndIsRefused_othersAreNotHeldUp() throws Exception {
        try (var server = start()) {
            assertEquals(200, answer(server, OLD, "old").status());
            server.time().advance(GAP);
            keys.behave("hang");
            var waiting = ask(server, NEW, "new");
            awaitAsked(2);
            for (int i = 0; i < 20; i++) {
                assertEquals(200, answer(server, OLD, "old").status());
            }
            assertFalse(waiting.isDone());
            server.time().advance(FETCH_LIMIT);
            assertEquals(
                    401,
                    waiting.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .status());
        }
    }

    @Test
    void keys_unknownByTheHundred_areAskedForOnceInTenSeconds() throws Exception {
        try (var server = start()) {
            assertEquals(200, answer(server, OLD, "old").status());
            server.time().advance(GAP);
            for (int i = 0; i < 100; i++) {
                assertEquals(401, answer(server, NEW, "made-up-" + i).status());
            }
            assertEquals(2, keys.asked());
        }
    }

    @Test
    void algorithmOfNoPublishedKey_asksForNothing() throws Exception {
        try (var server = start()) {
            assertEquals(200, answer(server, OLD, "old").status());
            server.time().advance(GAP);
            var jwt = Jwts.of(
                    "{'alg':'HS256','kid':'new'}",
                    "{'sub':'alice','exp':$+600}",
                    server.time().wall().instant(),
                    Jwts.hmac(256, new byte[32]));
            assertEquals(
                    401,
                    server.call("GET", "app/token?channelId=room", "Authorization", "Bearer " + jwt)
                            .status());
            assertEquals(1, keys.asked());
        }
    }

    @ParameterizedTest
    @CsvSource({"enc, 2048", "sig, 1024"})
    void key_notForSignaturesOrTooShort_isNone(String use, int bits) throws Exception {
        var weak = Jwts.newKey("RSA", bits);
        keys.publish(Jwts.jwks(Jwts.jwk("weak", weak, ",'use':'" + use + "'"), OLD_KEY));
        try (var server = start()) {
            assertEquals(401, answer(server, weak, "weak").status());
            assertEquals(200, answer(server, OLD, "old").status());
        }
    }

    @Test
    void keys_symmetricOrUnheardOf_areLeftOutAndTheRestIsTaken() throws Exception {
        keys.publish(Jwts.jwks(
                "{\"kty\":\"oct\",\"kid\":\"shared\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
                "{\"kty\":\"AKP\",\"kid\":\"later\",\"alg\":\"ML-DSA-44\",\"pub\":\"AAAA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ed\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                OLD_KEY));
        try (var server = start()) {
            assertEquals(200, answer(server, OLD, "old").status());
            var forged = Jwts.of(
                    "{'alg':'HS256','kid':'shared'}",
                    "{'sub':'alice','exp':$+600}",
                    server.time().wall().instant(),
                    Jwts.hmac(256, new byte[32]));
            assertEquals(
                    401,
                    server.call("GET", "app/token?channelId=room", "Authorization", "Bearer " + forged)
                            .status());
        }
    }

    @Test
    void file_changed_isReadAgain(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("keys.json"), Jwts.jwks(OLD_KEY));
        try (var server = TestServer.start(Map.of("auth", "jwt", "auth.jwt.jwks", file.toString()))) {
            assertEquals(200, answer(server, OLD, "old").status());
            Files.writeString(file, "not JSON");
            server.time().advance(GAP);
            assertEquals(401, answer(server, NEW, "new").status());
            assertEquals(200, answer(server, OLD, "old").status());
            Files.writeString(file, Jwts.jwks(NEW_KEY));
            until(200, server, NEW, "new");
            assertEquals(401, answer(server, OLD, "old").status());
        }
    }
}
