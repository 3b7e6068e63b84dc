package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Secret;
import alirtc.appserver.config.TestConfig;
import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.token.ChannelId;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The address at which the cloud tells of events, over HTTP. */
class EventsServletTest {
    private static final String SECRET = "secret-nobody-must-see-0123456789";
    private static final String HERE = "events/" + SECRET;
    private static final int LONGEST = 64 * 1024;
    private static final CompletableFuture<?> DONE = CompletableFuture.completedFuture("done");

    private static final ChannelEvent JOINED = new ChannelEvent(new ChannelId("c1"), Kind.JOIN, "ann", "s1");

    private final BlockingQueue<List<ChannelEvent>> taken = new LinkedBlockingQueue<>();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        // Neither a JWT nor a rate is asked of the cloud.
        server = TestServer.start(
                Map.of("auth", "jwt", "auth.jwt.secret", "jwt-secret-0123456789-0123456789", "rate.perMinute", "2"));
        receive(events -> DONE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Has events taken in, and then answered by the future. */
    private void receive(Function<List<ChannelEvent>, CompletableFuture<?>> inbox) {
        server.publish(new EventReceiver(TestConfig.APP_ID, new Secret(SECRET), events -> {
            taken.add(events);
            return inbox.apply(events);
        }));
    }

    private static String message(String appId) {
        return "{\"AppId\":\"" + appId + "\",\"ChannelId\":\"c1\",\"Contents\":[{\"Event\":\"UserEvent\",\"UserEvent\":"
                + "{\"UserId\":\"ann\",\"EventTag\":\"Join\",\"SessionId\":\"s1\"}}]}";
    }

    private static String message() {
        return message(TestConfig.APP_ID);
    }

    private CompletableFuture<TestServer.Answer> send(String target, String method, BodyPublisher body) {
        return server.send(HttpRequest.newBuilder(server.page().resolve(target)).method(method, body));
    }

    private static TestServer.Answer get(CompletableFuture<TestServer.Answer> sent) throws Exception {
        return sent.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private TestServer.Answer post(String target, String body) throws Exception {
        return get(send(target, "POST", BodyPublishers.ofString(body)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "application/x-www-form-urlencoded", "text/plain;charset=utf-16", "nonsense"
            })
    void message_ofWhateverType_isTakenIn(String type) throws Exception {
        var answer = get(server.send(HttpRequest.newBuilder(server.page().resolve(HERE))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(message()))));

        assertEquals(200, answer.status());
        assertEquals("{\"events\":1}", answer.data().toString());
        assertEquals(List.of(List.of(JOINED)), List.copyOf(taken));
    }

    @Test
    void message_ofAnotherApplicationOrOfNoUse_isAnsweredAndIgnored() throws Exception {
        for (var body : List.of(message("other"), "{\"AppId\":\"" + TestConfig.APP_ID + "\",\"Contents\":[]}")) {
            var answer = post(HERE, body);
            assertEquals(200, answer.status());
            assertEquals("{\"events\":0}", answer.data().toString());
        }
        assertEquals(List.of(), List.copyOf(taken));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "secret", "{}", "{\"AppId\":\"\"}", "{\"AppId\":\"nobody-must-see\""})
    void message_thatIsNone_is400WithoutBeingRepeated(String body) throws Exception {
        var answer = post(HERE, body);
        assertEquals(400, answer.status());
        assertFalse(answer.body().toString().contains("nobody"), answer.body()::toString);
        assertEquals(List.of(), List.copyOf(taken));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "events",
                "events/",
                "events/secret-nobody-must-see-012345678",
                "events/secret-nobody-must-see-0123456789x",
                "events/secret-nobody-must-see-0123456789/",
                "events/Secret-nobody-must-see-0123456789",
                "events/x/secret-nobody-must-see-0123456789",
                "events/?secret-nobody-must-see-0123456789",
            })
    void address_withoutTheSecret_isAnsweredAsAnyUnknownOne(String target) throws Exception {
        var unknown = get(send("nothing/here", "GET", BodyPublishers.noBody()));
        assertEquals(404, unknown.status());
        assertEquals(
                unknown.told(),
                get(send(target, "GET", BodyPublishers.noBody())).told());
        // Of other unknown addresses, Jetty says that they cannot be posted to; Tomcat, that they are not there.
        assertEquals(unknown.told(), post(target, message()).told());
        assertEquals(404, get(send(target, "PUT", BodyPublishers.noBody())).status());
        assertEquals(List.of(), List.copyOf(taken));
    }

    @Test
    void address_whileEventsAreOff_isUnknown() throws Exception {
        server.close();
        server = TestServer.start(Map.of());
        var unknown = get(send("nothing/here", "GET", BodyPublishers.noBody()));
        assertEquals(unknown.told(), post(HERE, message()).told());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void method_otherThanPost_isNotAllowed(String method) throws Exception {
        var answer = get(send(HERE, method, BodyPublishers.noBody()));
        assertEquals(405, answer.status());
        assertEquals("POST", answer.header("Allow"));
        assertEquals(List.of(), List.copyOf(taken));
    }

    /** Returns a body without a Content-Length, which is sent in chunks. */
    private static BodyPublisher chunked(String body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(US_ASCII)));
    }

    @Test
    void body_ofTheLongestLengthAndMore_isTakenOr413() throws Exception {
        var longest = message() + " ".repeat(LONGEST - message().length());
        assertEquals(200, post(HERE, longest).status());
        assertEquals(200, get(send(HERE, "POST", chunked(longest))).status());
        assertEquals(2, taken.size());

        assertEquals(413, post(HERE, longest + " ").status());
        assertEquals(413, get(send(HERE, "POST", chunked(longest + " "))).status());
        assertEquals(2, taken.size());
    }

    /** The body has no end, or does not come: nothing but its length can be what it is refused for. */
    @ParameterizedTest
    @CsvSource({"Content-Length: 131073, 0", "Content-Length: 99999999, 0", "Transfer-Encoding: chunked, 131073"})
    void body_muchTooLong_is413BeforeItHasCome(String header, int sent) throws Exception {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server.page().getPort())) {
            var body = sent == 0 ? "" : Integer.toHexString(sent + 1) + "\r\n" + " ".repeat(sent);
            socket.getOutputStream()
                    .write(("POST /1v1-audio/" + HERE + " HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n" + body)
                            .getBytes(US_ASCII));
            var status = new String(socket.getInputStream().readNBytes(12), US_ASCII);
            assertEquals("HTTP/1.1 413", status);
        }
    }

    @Test
    void registry_away_is503() throws Exception {
        receive(events -> CompletableFuture.failedFuture(new RegistryException("Redis is away")));
        var answer = post(HERE, message());
        assertEquals(503, answer.status());
        assertEquals("2", answer.retryAfter());
    }

    @Test
    void inbox_thatFails_is500() throws Exception {
        receive(events -> {
            throw new IllegalStateException("a defect");
        });
        assertEquals(500, post(HERE, message()).status());
    }

    /** Jetty has two hundred threads. */
    @Test
    void messages_notTakenInYet_holdNoThreads() throws Exception {
        var later = new CompletableFuture<Object>();
        receive(events -> later);
        var sent = IntStream.range(0, 250)
                .mapToObj(i -> send(HERE, "POST", BodyPublishers.ofString(message())))
                .toList();
        for (int i = 0; i < sent.size(); i++) {
            assertTrue(taken.poll(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS) != null, "message " + i);
        }
        assertFalse(sent.stream().anyMatch(CompletableFuture::isDone), "answered before it is taken in");
        later.complete("done");
        for (var one : sent) {
            assertEquals(200, get(one).status());
        }
    }

    @Test
    void secret_whateverComes_isNeverWritten() throws Exception {
        try (var written = new Written()) {
            post(HERE, message());
            post(HERE, "nobody-must-see");
            post(HERE, " ".repeat(LONGEST + 1));
            post(HERE + "x", message());
            post(HERE + "?channelId=c1", message());
            get(send(HERE, "GET", BodyPublishers.noBody()));
            receive(events -> CompletableFuture.failedFuture(new RegistryException("Redis is away")));
            post(HERE, message());
            receive(events -> {
                throw new IllegalStateException("a defect");
            });
            var last = post(HERE, message()).body().path("requestId").textValue();

            // The last line of a request may come after its answer.
            long end = System.nanoTime() + TestServer.PATIENCE.toNanos();
            while (!written.text().contains(last + " endpoint=") && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            var text = written.text();
            assertTrue(text.contains(" endpoint=events ") && text.contains("a defect"), text);
            assertFalse(text.contains("nobody-must-see"), text);
        }
    }
}
