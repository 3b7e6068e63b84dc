package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Secret;
import alirtc.appserver.config.TestConfig;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are slow to come, wherever one is read. */
class SlowBodyTest {
    private static final String SECRET = "secret-of-events-0123456789-0123456789";
    private static final String EVENTS = "events/" + SECRET;
    private static final String CHECK = "app/tokenCheck";

    /** More than Jetty has threads. */
    private static final int CALLERS = 250;

    private final List<Socket> callers = new ArrayList<>();
    private @Nullable TestServer running;

    private void start(Map<String, String> more) throws Exception {
        running = TestServer.start(more);
        server().publish(new EventReceiver(
                TestConfig.APP_ID, new Secret(SECRET), events -> CompletableFuture.completedFuture("done")));
    }

    @AfterEach
    void stop() throws Exception {
        for (var caller : callers) {
            caller.close();
        }
        if (running != null) {
            running.close();
        }
    }

    private TestServer server() {
        return Objects.requireNonNull(running, "not started");
    }

    /** Announces a body, and sends the beginning of it. */
    private Socket call(String target, String headers) throws Exception {
        var caller =
                new Socket(InetAddress.getLoopbackAddress(), server().page().getPort());
        callers.add(caller);
        caller.setSoTimeout((int) TestServer.PATIENCE.toMillis());
        caller.getOutputStream()
                .write(("POST /1v1-audio/" + target + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                + headers + "Content-Length: 200\r\n\r\n{")
                        .getBytes(US_ASCII));
        return caller;
    }

    private void awaitAnswer(Socket caller) throws Exception {
        long end = System.nanoTime() + TestServer.PATIENCE.toNanos();
        while (caller.getInputStream().available() == 0 && System.nanoTime() < end) {
            server().time().advance(Duration.ofMillis(100));
        }
    }

    private static String status(Socket caller) throws Exception {
        return new String(caller.getInputStream().readNBytes(12), US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, CHECK})
    void body_thatIsSlow_holdsNoThreadAndIs408(String target) throws Exception {
        start(Map.of("rtc.tokenCheck", "on"));
        for (int i = 0; i < CALLERS; i++) {
            call(target, "");
        }
        assertEquals(200, server().now("token", "c1").status());

        for (var caller : callers) {
            awaitAnswer(caller);
            assertEquals("HTTP/1.1 408", status(caller));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, CHECK})
    void body_thatComesInPieces_isRead(String target) throws Exception {
        start(Map.of("rtc.tokenCheck", "on"));
        var caller = call(target, "");
        for (int i = 0; i < 4; i++) {
            server().time().advance(Duration.ofSeconds(1));
            caller.getOutputStream().write(" ".repeat(40).getBytes(US_ASCII));
        }
        caller.getOutputStream().write(" ".repeat(39).getBytes(US_ASCII));
        // A brace alone is no message, and no claim.
        assertEquals("HTTP/1.1 400", status(caller));
    }

    /** Whoever has to prove who they are is known on another thread, and later. */
    @Test
    void body_ofOneWhoIsNotAdmitted_isReadAllTheSame() throws Exception {
        start(Map.of("rtc.tokenCheck", "on", "auth", "jwt", "auth.jwt.secret", "jwt-secret-0123456789-0123456789"));
        var caller = call(CHECK, "");
        caller.getOutputStream().write(" ".repeat(199).getBytes(US_ASCII));
        assertEquals("HTTP/1.1 401", status(caller));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"app/token?channelId=c1", "app/nothing", "events/another", "health/live", "metrics", "index.html"
            })
    void body_thatNobodyWants_isReadBeforeTheAnswer(String target) throws Exception {
        start(Map.of());
        var late = call(target, "");
        var whole = call(target, "");
        whole.getOutputStream().write(" ".repeat(199).getBytes(US_ASCII));
        var status = status(whole);
        assertTrue(List.of("HTTP/1.1 404", "HTTP/1.1 405").contains(status), status);
        awaitAnswer(late);
        assertEquals("HTTP/1.1 408", status(late));
    }

    @Test
    void body_thatNobodyWantsAndIsLong_is413() throws Exception {
        start(Map.of());
        var caller =
                new Socket(InetAddress.getLoopbackAddress(), server().page().getPort());
        callers.add(caller);
        caller.getOutputStream()
                .write("POST /1v1-audio/app/token HTTP/1.1\r\nHost: a\r\nContent-Length: 131073\r\n\r\n"
                        .getBytes(US_ASCII));
        assertEquals("HTTP/1.1 413", status(caller));
        var rest = new String(caller.getInputStream().readAllBytes(), US_ASCII);
        assertTrue(rest.contains("\r\nConnection: close\r\n"), rest);
    }
}
