package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.sandbox.ReceivedWebhook;
import alirtc.appserver.sandbox.Sandbox;
import alirtc.appserver.sandbox.WebhookFault;
import alirtc.appserver.sandbox.WebhookReceiver;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls on record, in both stores, when the server, the receiver of webhooks and Redis are killed meanwhile. */
final class RecordsIT {
    private static final String ADMIN = "admin-secret-nobody-must-see";
    private static final String SECRET = "whsec_cmVjb3Jkcy1pdC0wMTIzNDU2Nzg5LWFiY2RlZmdoaWo=";
    private static final int CALLS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(80);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> settings = new LinkedHashMap<>();

    @Test
    void calls_inAFile_areTheSameAfterKills(@TempDir Path folder) throws Exception {
        settings.put("records", "file");
        settings.put("records.dir", folder.toString());
        play(() -> {});
    }

    @Test
    void calls_inRedis_areTheSameAfterKills(@TempDir Path folder) throws Exception {
        try (var redis = TestRedis.startDurable(folder)) {
            settings.put("records", "redis");
            settings.put("registry", "redis");
            settings.put("registry.redis.uri", redis.uri().toString());
            play(() -> {
                redis.kill();
                redis.restart();
            });
        }
    }

    private void play(Runnable crash) throws Exception {
        try (var sandbox = Sandbox.start(Deployment.ACCOUNT, InstantSource.system());
                var receiver = WebhookReceiver.start(SECRET, InstantSource.system())) {
            settings.put("webhooks.url", receiver.uri().toString());
            settings.put("webhooks.secret", SECRET);
            settings.put("admin.secret", ADMIN);
            var jetty = Distribution.jetty().on(freePort());
            var base = Server.withWar(jetty);
            var all = Deployment.settings(sandbox, settings);
            var early = channels("early-");
            var late = channels("late-");
            try (var server = Server.start(jetty, base, all, Map.of())) {
                early.forEach(channel -> begin(server, sandbox, channel));
                late.forEach(channel -> begin(server, sandbox, channel));
                Stream.concat(early.stream(), late.stream())
                        .forEach(channel -> until(
                                "both are on record",
                                () -> users(server, channel) == 2 && joined(receiver, channel) == 2));
                receiver.set(new WebhookFault(503, 0));
                early.forEach(channel -> end(server, channel));
                until("each end is refused", () -> refused(receiver) == CALLS);
                server.kill();
            }
            crash.run();
            receiver.set(WebhookFault.NONE);
            try (var server = Server.start(jetty, Server.withWar(jetty), all, Map.of())) {
                until(
                        "what was refused comes",
                        () -> calls(receiver, "call.ended").size() == CALLS);
                late.forEach(channel -> until("the call is found", () -> users(server, channel) == 2));
                late.forEach(channel -> end(server, channel));
                until("the others end", () -> calls(receiver, "call.ended").size() == 2 * CALLS);
            }
            var channels = new ArrayList<>(early);
            channels.addAll(late);
            channels.forEach(channel -> assertOneRecord(taken(receiver), channel));
        }
    }

    private static List<String> channels(String prefix) {
        return IntStream.range(0, CALLS).mapToObj(i -> prefix + i).toList();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Has two join a channel. */
    private static void begin(Server server, Sandbox sandbox, String channel) {
        for (int i = 0; i < 2; i++) {
            var token = Envelopes.success(server.wire().get(Server.CONTEXT + "/app/token?channelId=" + channel));
            sandbox.join(channel, token.path("userid").textValue());
        }
    }

    private static long joined(WebhookReceiver receiver, String channel) {
        return calls(receiver, "call.user_joined").stream()
                .filter(message -> message.path("channel").textValue().equals(channel))
                .count();
    }

    private static int users(Server server, String channel) {
        return Envelopes.success(server.wire().get(Server.CONTEXT + "/app/descChannelUsers?channelId=" + channel))
                .path("userList")
                .size();
    }

    private static void end(Server server, String channel) {
        Envelopes.success(server.wire()
                .exchange("DELETE " + Server.CONTEXT + "/admin/calls/" + channel
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer " + ADMIN
                        + "\r\n\r\n"));
    }

    private static long refused(WebhookReceiver receiver) {
        return receiver.received().stream()
                .filter(one -> one.answered() == 503)
                .map(one -> data(one.body()).path("callId"))
                .distinct()
                .count();
    }

    /** Returns what the receiver took, in the order in which it came, each message once. */
    private static List<JsonNode> taken(WebhookReceiver receiver) {
        var first = new LinkedHashMap<String, ReceivedWebhook>();
        var received = new ArrayList<>(receiver.received());
        Collections.reverse(received);
        received.stream().filter(one -> one.answered() == 204).forEach(one -> first.putIfAbsent(one.id(), one));
        assertTrue(first.values().stream().allMatch(ReceivedWebhook::verified), first::toString);
        return first.values().stream().map(one -> data(one.body())).toList();
    }

    private static JsonNode data(String body) {
        try {
            var message = JSON.readTree(body);
            return ((ObjectNode) message.path("data"))
                    .put("type", message.path("type").textValue());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<JsonNode> calls(WebhookReceiver receiver, String type) {
        return taken(receiver).stream()
                .filter(message -> message.path("type").textValue().equals(type))
                .toList();
    }

    private static void assertOneRecord(List<JsonNode> messages, String channel) {
        var told = messages.stream()
                .filter(message -> message.path("channel").textValue().equals(channel))
                .toList();
        for (int i = 0; i < told.size(); i++) {
            assertEquals(i + 1, told.get(i).path("seq").intValue(), told::toString);
            assertEquals(told.get(0).path("callId"), told.get(i).path("callId"), told::toString);
        }
        var last = told.get(told.size() - 1);
        assertEquals("call.ended", last.path("type").textValue(), told::toString);
        var record = last.path("record");
        assertEquals(0, record.path("correction").intValue(), told::toString);
        assertEquals("ended", record.path("endReason").textValue(), told::toString);
        assertEquals(2, record.path("users").size(), told::toString);
        assertTrue(
                record.path("durationMillis").longValue()
                        >= record.path("talkMillis").longValue(),
                told::toString);
    }

    private static void until(String what, BooleanSupplier holds) {
        Await.until(what, PATIENCE, holds);
    }
}
