package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.sandbox.ReceivedWebhook;
import alirtc.appserver.sandbox.WebhookFault;
import alirtc.appserver.sandbox.WebhookReceiver;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backend is told of calls, by the whole server with its records in a folder. */
class WebhooksTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** So much time passes in the server while the disk and the network get so much. */
    private static final Duration STEP = Duration.ofMillis(250);

    private static final long REAL_STEP_NANOS = 10_000_000;
    private static final int MAX_STEPS = 2000;

    @TempDir
    private Path folder;

    /** Its clock is near enough to that of the server. */
    private final WebhookReceiver receiver = WebhookReceiver.start(SECRET, () -> Instant.parse("2026-11-22T10:03:00Z"));

    @AfterEach
    void close() {
        receiver.close();
    }

    private TestServer start() throws Exception {
        return TestServer.start(Map.of(
                "records",
                "file",
                "records.dir",
                folder.resolve("records").toString(),
                "webhooks.url",
                receiver.uri().toString(),
                "webhooks.secret",
                SECRET,
                "durationlimit",
                "3"));
    }

    /** Returns what came, the earliest first, each once: on a slow machine one may come again. */
    private List<JsonNode> messages() {
        var messages = new LinkedHashMap<String, JsonNode>();
        for (var one : received()) {
            assertTrue(one.verified(), one::toString);
            try {
                messages.putIfAbsent(one.id(), JSON.readTree(one.body()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return List.copyOf(messages.values());
    }

    private List<ReceivedWebhook> received() {
        var all = new ArrayList<>(receiver.received());
        Collections.reverse(all);
        return all;
    }

    private List<String> types() {
        return messages().stream().map(one -> one.path("type").asText()).toList();
    }

    private void awaitType(TestServer server, String type) {
        for (int i = 0; i < MAX_STEPS && !types().contains(type); i++) {
            LockSupport.parkNanos(REAL_STEP_NANOS);
            server.pass(STEP);
        }
        assertTrue(types().contains(type), () -> type + " is not among " + types());
    }

    private static String user(TestServer server) throws Exception {
        var user = server.now("token", "room").data().path("userid").asText();
        server.sandbox().join("room", user);
        return user;
    }

    private JsonNode record() {
        var ended = messages().stream()
                .filter(one -> one.path("type").asText().equals("call.ended"))
                .toList();
        assertEquals(1, ended.size(), ended::toString);
        return ended.get(0).path("data").path("record");
    }

    @Test
    void call_thatEnds_isToldOfFromBeginningToEnd() throws Exception {
        try (var server = start()) {
            var user = user(server);
            server.now("users", "room");
            awaitType(server, "call.user_joined");
            server.pass(Duration.ofSeconds(40));
            server.sandbox().leave("room", user);
            awaitType(server, "call.ended");
            var seqs = messages().stream()
                    .map(one -> one.path("data").path("seq").asInt())
                    .toList();
            assertEquals(seqs.stream().sorted().distinct().toList(), seqs);
            assertEquals("left", record().path("endReason").asText());
            assertEquals("observations", record().path("evidence").asText());
            assertEquals(user, record().path("users").path(0).path("user").asText());
            assertTrue(record().path("durationMillis").asLong() >= 40_000, () -> record().toString());
            var ready = server.send(HttpRequest.newBuilder(server.page().resolve("health/ready")))
                    .get();
            assertEquals("written", ready.data().path("records").asText());
            assertEquals("delivering", ready.data().path("webhooks").asText());
        }
    }

    @Test
    void call_atItsLimit_isToldToBeEndingAMinuteBefore() throws Exception {
        try (var server = start()) {
            var unused = user(server);
            server.now("users", "room");
            awaitType(server, "call.user_joined");
            server.pass(Duration.ofSeconds(100));
            awaitType(server, "call.ending");
            server.pass(Duration.ofSeconds(45));
            awaitType(server, "call.ended");
            assertTrue(types().indexOf("call.ending") >= 0
                    && types().indexOf("call.ending") < types().indexOf("call.ended"));
            assertEquals("limit", record().path("endReason").asText());
        }
    }

    @Test
    void call_thatGoesOnDuringARestart_hasOneRecordThatSaysSo() throws Exception {
        try (var server = start()) {
            var user = user(server);
            server.now("users", "room");
            awaitType(server, "call.user_joined");
            server.restart();
            server.pass(Duration.ofSeconds(20));
            server.sandbox().leave("room", user);
            awaitType(server, "call.ended");
            assertEquals("recovered", record().path("evidence").asText());
            assertEquals(messages().get(0).path("data").path("callId"), record().path("callId"));
        }
    }

    @Test
    void call_thatIsOverAfterARestart_isClosedAsLost() throws Exception {
        try (var server = start()) {
            var user = user(server);
            server.now("users", "room");
            awaitType(server, "call.user_joined");
            server.stopApplication();
            server.sandbox().leave("room", user);
            server.restart();
            awaitType(server, "call.ended");
            assertEquals("lost", record().path("endReason").asText());
        }
    }

    @Test
    void receiver_thatFails_getsTheSameMessagesOnceItIsWellAgain() throws Exception {
        receiver.set(new WebhookFault(500, 0));
        try (var server = start()) {
            var unused = user(server);
            server.now("users", "room");
            awaitType(server, "call.started");
            receiver.set(new WebhookFault(204, 0));
            awaitType(server, "call.user_joined");
            assertEquals(received().get(0).id(), received().get(1).id());
        }
    }

    @Test
    void folder_thatCannotBeUsed_keepsNoPhoneFromItsToken() throws Exception {
        Files.writeString(folder.resolve("records"), "no folder");
        try (var server = start()) {
            var unused = user(server);
            assertEquals(200, server.now("token", "room").status());
            var ready = server.send(HttpRequest.newBuilder(server.page().resolve("health/ready")))
                    .get();
            assertEquals(200, ready.status());
            assertEquals("failing", ready.data().path("records").asText());
            Files.delete(folder.resolve("records"));
            server.now("users", "room");
            awaitType(server, "call.user_joined");
            assertFalse(received().isEmpty());
        }
    }
}
