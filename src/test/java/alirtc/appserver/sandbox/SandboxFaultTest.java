package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import com.aliyuncs.http.MethodType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each fault looks like on the wire. */
class SandboxFaultTest {
    private static final Account ACCOUNT = new Account("app1", "key1", "secret1", Product.RTC);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int A_MOMENT_MILLIS = 200;
    private static final String USERS = "DescribeChannelUsers";
    private static final String USER = "DescribeUserInfoInChannel";
    private static final String DELETE = "DeleteChannel";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final Sandbox sandbox = Sandbox.start(ACCOUNT, clock);
    private final RawClient raw = new RawClient(sandbox.endpoint(), ACCOUNT, clock);

    @BeforeEach
    void fill() {
        sandbox.join("c1", "1");
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultKind.class,
            names = {"HANG", "SLOW"})
    void heldBack_untilTheFaultsChange_isAnsweredThen(FaultKind kind) throws Exception {
        sandbox.set(kind == FaultKind.SLOW ? Fault.slow(Duration.ofHours(1)) : Fault.of(kind));
        try (var socket = raw.send(USERS, "c1")) {
            sandbox.awaitRequests(USERS, 1, SOON);
            assertSilent(socket);

            sandbox.clearFaults();

            assertEquals(200, RawClient.answer(socket).status());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultKind.class,
            names = {"HANG", "TRICKLE", "NONE"})
    void close_requestUnderWay_endsItAtOnce(FaultKind kind) throws Exception {
        sandbox.set(Fault.of(kind));
        try (var socket = raw.connect()) {
            var query = raw.signed(MethodType.GET, raw.parameters(USERS, "c1"));
            RawClient.send(socket, RawClient.get(query, "keep-alive"));
            sandbox.awaitRequests(USERS, 1, SOON);

            assertTimeoutPreemptively(Duration.ofSeconds(2), sandbox::close);

            assertTrue(ends(socket));
        }
        for (var thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("sandbox-")) {
                thread.join(SOON.toMillis());
                assertFalse(thread.isAlive(), thread.getName());
            }
        }
    }

    @Test
    void slow_shortDelay_answersAfterIt() throws Exception {
        sandbox.set(Fault.slow(Duration.ofMillis(20)));

        assertEquals(200, raw.request(USERS, "c1").status());
    }

    @Test
    void trickle_untilTheFaultsChange_sendsByteAfterByte() throws Exception {
        sandbox.set(Fault.of(FaultKind.TRICKLE));
        try (var socket = raw.send(USERS, "c1")) {
            assertEquals('H', socket.getInputStream().read());
            assertSilent(socket);
            assertEquals('T', socket.getInputStream().read());

            sandbox.clearFaults();

            var rest = RawClient.answer(socket);
            assertTrue(rest.head().startsWith("TP/1.1 200"), rest.head());
            assertTrue(rest.body().endsWith("}"), rest.body());
        }
    }

    @Test
    void refuse_untilTheFaultsChange_takesNoConnections() throws Exception {
        try (var open = raw.connect()) {
            var query = raw.signed(MethodType.GET, raw.parameters(USERS, "c1"));
            RawClient.send(open, RawClient.get(query, "keep-alive"));
            assertEquals('H', open.getInputStream().read());

            sandbox.set(Fault.of(FaultKind.REFUSE));

            assertTrue(ends(open));
            assertThrows(ConnectException.class, raw::connect);
        }
        sandbox.set(Fault.NONE);
        assertEquals(200, raw.request(USERS, "c1").status());
    }

    @Test
    void refuse_close_staysClosed() {
        sandbox.set(Fault.of(FaultKind.REFUSE));

        sandbox.close();
        sandbox.clearFaults();

        assertThrows(ConnectException.class, raw::connect);
    }

    @Test
    void reset_afterHalfTheBody_isNoOrderlyEnd() throws Exception {
        sandbox.set(Fault.of(FaultKind.RESET));
        try (var socket = raw.send(USERS, "c1")) {
            var read = new ByteArrayOutputStream();

            var reset = assertThrows(
                    SocketException.class, () -> socket.getInputStream().transferTo(read));

            assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset.getMessage());
            assertTrue(read.toString(UTF_8).contains("\r\n\r\n{\"RequestId\""), read.toString(UTF_8));
        }
    }

    @Test
    void html500_answersAPage() throws Exception {
        var answer = under(Fault.of(FaultKind.HTML500), USERS);

        assertEquals(500, answer.status());
        assertTrue(answer.head().contains("Content-Type: text/html;charset=utf-8"), answer.head());
        assertTrue(answer.body().startsWith("<html>"), answer.body());
    }

    @ParameterizedTest
    @CsvSource({"JSON503, 503, ServiceUnavailable", "THROTTLED, 400, Throttling.User", "FORBIDDEN, 403, Forbidden.RAM"})
    void rejection_answersItsCodeAndDoesNothing(FaultKind kind, int status, String code) throws Exception {
        var answer = under(Fault.of(kind), DELETE);

        assertEquals(status, answer.status());
        assertEquals(code, answer.json().path("Code").asText());
        assertTrue(sandbox.channels().containsKey("c1"));
    }

    @Test
    void truncated_success_endsInTheMiddle() throws Exception {
        var answer = under(Fault.of(FaultKind.TRUNCATED), USERS);

        assertEquals(200, answer.status());
        assertTrue(answer.head().contains("Content-Length: " + answer.body().length()), answer.head());
        assertThrows(JsonProcessingException.class, answer::json);
    }

    @Test
    void truncated_error_endsInsideItsCode() throws Exception {
        sandbox.set(Fault.of(FaultKind.TRUNCATED));

        var answer = raw.request(DELETE, "none");

        assertEquals(404, answer.status());
        assertEquals("{\"Code\":\"x", answer.body());
        assertTrue(answer.head().contains("Content-Length: 10"), answer.head());
    }

    @Test
    void truncatederror_validRequest_answersACutError() throws Exception {
        var answer = under(Fault.of(FaultKind.TRUNCATEDERROR), USERS);

        assertEquals(503, answer.status());
        assertEquals("{\"Code\":\"x", answer.body());
    }

    @Test
    void wrongtypes_changesTheTypeOfEveryField() throws Exception {
        var good = raw.request(USERS, "c1").json();

        var wrong = under(Fault.of(FaultKind.WRONGTYPES), USERS).json();

        assertEquals(good.size(), wrong.size());
        good.fieldNames()
                .forEachRemaining(name -> assertFalse(
                        good.path(name).getNodeType() == wrong.path(name).getNodeType(), name));
    }

    @Test
    void empty_peopleIn_showsNobodyInAnExistingChannel() throws Exception {
        var users = under(Fault.of(FaultKind.EMPTY), USERS).json();
        var user = under(Fault.of(FaultKind.EMPTY), USER).json();

        assertTrue(users.path("IsChannelExist").asBoolean());
        assertEquals(0, users.path("CommTotalNum").asInt(-1));
        assertTrue(users.path("UserList").isEmpty());
        assertFalse(user.path("IsInChannel").asBoolean(true));
    }

    @Test
    void missing_leavesOnlyTheRequestId() throws Exception {
        var answer = under(Fault.of(FaultKind.MISSING), USERS).json();

        assertTrue(answer.has("RequestId"));
        assertEquals(1, answer.size());
    }

    @Test
    void wronganswer_isThatOfAnotherAction() throws Exception {
        assertTrue(under(Fault.of(FaultKind.WRONGANSWER), USERS).json().has("Property"));
        assertTrue(under(Fault.of(FaultKind.WRONGANSWER), USER).json().has("UserList"));
        assertTrue(under(Fault.of(FaultKind.WRONGANSWER), DELETE).json().has("UserList"));
        assertTrue(sandbox.channels().containsKey("c1"));
    }

    @Test
    void skew_shiftsTimestampAndJoin() throws Exception {
        var good = raw.request(USER, "c1").json();

        var skewed = under(Fault.skew(Duration.ofSeconds(-90)), USER).json();

        assertEquals(
                clock.instant().getEpochSecond() - 90, skewed.path("Timestamp").asLong());
        assertEquals(
                join(good).path("Join").asLong() - 90, join(skewed).path("Join").asLong());
        assertEquals(join(good).path("Session"), join(skewed).path("Session"));
    }

    @Test
    void huge_isOneObjectOf64MiB() throws Exception {
        var answer = under(Fault.of(FaultKind.HUGE), USERS);

        assertEquals(64 * 1024 * 1024, answer.body().length());
        assertTrue(answer.head().contains("Content-Length: 67108864"), answer.head());
        assertTrue(answer.body().startsWith("{\"Padding\":\"xxx"));
        assertTrue(answer.body().endsWith("x\",\"RequestId\"" + answer.body().split("\"RequestId\"", 2)[1]));
        assertTrue(answer.body().endsWith("}"));
    }

    @Test
    void nocontenttype_leavesTheHeaderOut() throws Exception {
        var answer = under(Fault.of(FaultKind.NOCONTENTTYPE), USERS);

        assertFalse(answer.head().contains("Content-Type"), answer.head());
        assertEquals(1, answer.json().path("CommTotalNum").asInt());
    }

    @Test
    void faultOfOneAction_sparesTheOthers() throws Exception {
        sandbox.set(Fault.of(FaultKind.JSON503), USERS);

        assertEquals(503, raw.request(USERS, "c1").status());
        assertEquals(200, raw.request(USER, "c1").status());
    }

    @Test
    void noneForOneAction_sparesItTheGeneralFault() throws Exception {
        sandbox.set(Fault.of(FaultKind.JSON503));
        sandbox.set(Fault.NONE, USERS);

        assertEquals(200, raw.request(USERS, "c1").status());
        assertEquals(503, raw.request(USER, "c1").status());
    }

    @Test
    void set_impossible_isRejected() {
        assertThrows(IllegalArgumentException.class, () -> sandbox.set(Fault.of(FaultKind.REFUSE), USERS));
        assertThrows(IllegalArgumentException.class, () -> sandbox.set(Fault.NONE, "DescribeNothing"));
        assertThrows(IllegalArgumentException.class, () -> Fault.of(FaultKind.SLOW));
        assertThrows(IllegalArgumentException.class, () -> Fault.slow(Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> new Fault(FaultKind.HANG, Duration.ofSeconds(1)));
    }

    private RawClient.Answer under(Fault fault, String action) throws IOException {
        sandbox.set(fault);
        return raw.request(action, "c1");
    }

    private static JsonNode join(JsonNode answer) {
        return answer.path("Property").path(0);
    }

    private static void assertSilent(Socket socket) throws IOException {
        var timeout = socket.getSoTimeout();
        socket.setSoTimeout(A_MOMENT_MILLIS);
        assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
        socket.setSoTimeout(timeout);
    }

    /** Says whether the connection ends, in order or by a reset, before the reader's patience does. */
    private static boolean ends(Socket socket) throws IOException {
        try {
            new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }
}
