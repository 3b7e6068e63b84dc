package alirtc.appserver.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the phones are promised, in every container, and in one with ApsaraVideo Live. */
@ParameterizedClass
@MethodSource("deployments")
final class ContractIT {
    private static final Duration TOKEN_TTL = Duration.ofMinutes(90);
    /** By how much the server's steady clock may differ from this machine's. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final List<String> PATHS =
            List.of("/app/token", "/app/descChannelUsers", "/app/descChannelStartTime");

    private final Deployment deployment;

    ContractIT(Deployment deployment) {
        this.deployment = deployment;
    }

    static Stream<Deployment> deployments() {
        var settings = Map.of("rtc.tokenTtl", TOKEN_TTL.toMinutes() + "m");
        return Stream.concat(
                Deployment.inEach(settings),
                Stream.of(Distribution.jetty()).map(jetty -> Deployment.startLive(jetty, settings)));
    }

    @AfterParameterizedClassInvocation
    static void stop_afterAllThis_isQuickAndLeavesACleanLog(Deployment deployment) throws Exception {
        var ending = deployment.server().stop();

        assertTrue(ending.took().compareTo(STOP_LIMIT) < 0, ending::toString);
        deployment.assertStoppedOrderly();
        deployment.assertLogIsClean();
    }

    @Test
    void token_anyChannel_hasExactlyTheFieldsThatClientsRead() throws Exception {
        var channel = deployment.newChannel();
        var earliest = Instant.now().plus(TOKEN_TTL).getEpochSecond();

        var data = Envelopes.success(deployment.token(channel));

        assertEquals(
                Set.of("appid", "userid", "gslb", "token", "nonce", "timestamp", "turn", "joinToken"), names(data));
        var user = data.path("userid").textValue();
        var nonce = data.path("nonce").textValue();
        var token = data.path("token").textValue();
        assertEquals(Deployment.APP_ID, data.path("appid").textValue());
        assertTrue(user.matches("[0-9]{8}"), user);
        assertTrue(nonce.matches("AK-[0-9a-f]{32}"), nonce);
        assertEquals(List.of("https://rgslb.rtc.aliyuncs.com"), texts(data.path("gslb")));
        var timestamp = data.path("timestamp");
        assertTrue(timestamp.isInt(), timestamp::toString);
        assertTrue(timestamp.intValue() >= earliest, timestamp::toString);
        assertTrue(timestamp.intValue() <= Instant.now().plus(TOKEN_TTL).getEpochSecond(), timestamp::toString);
        assertEquals(
                sha256(Deployment.APP_ID + Deployment.APP_KEY + channel + user + nonce + timestamp.intValue()), token);
        assertEquals(Set.of("username", "password"), names(data.path("turn")));
        assertEquals(
                user + "?appid=" + Deployment.APP_ID + "&channel=" + channel + "&nonce=" + nonce + "&timestamp="
                        + timestamp.intValue(),
                data.path("turn").path("username").textValue());
        assertEquals(token, data.path("turn").path("password").textValue());
        assertEquals(
                "{\"appid\":\"" + Deployment.APP_ID + "\",\"channelid\":\"" + channel + "\",\"userid\":\"" + user
                        + "\",\"nonce\":\"" + nonce + "\",\"timestamp\":" + timestamp + ",\"token\":\"" + token + "\"}",
                new String(Base64.getDecoder().decode(data.path("joinToken").textValue()), UTF_8));
    }

    @Test
    void token_manyInOneChannel_areAllForOtherUsers() {
        var channel = deployment.newChannel();
        var users = new HashSet<String>();
        var nonces = new HashSet<String>();

        for (int i = 0; i < 50; i++) {
            var data = Envelopes.success(deployment.token(channel));
            users.add(data.path("userid").textValue());
            nonces.add(data.path("nonce").textValue());
        }

        assertEquals(50, users.size());
        assertEquals(50, nonces.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "-", "_", "00", "aA9_-", "181-218-3406"})
    void token_channelOfGoodForm_isIssued(String channel) {
        Envelopes.success(deployment.token(channel));
        Envelopes.success(deployment.token("x".repeat(64 - channel.length()) + channel));
    }

    @Test
    void users_nobodyThere_areCountedAsNone() {
        var data = Envelopes.success(deployment.users(deployment.newChannel()));

        assertUsersHaveAllFields(data);
        assertFalse(data.path("isChannelExist").booleanValue());
        assertEquals(0, data.path("commTotalNum").intValue());
        assertEquals(List.of(), texts(data.path("userList")));
    }

    @Test
    void users_twoThere_areCountedAndNamed() {
        var channel = deployment.newChannel();
        deployment.sandbox().join(channel, "07503071");
        deployment.sandbox().join(channel, "12345678");
        var earliest = Instant.now().getEpochSecond();

        var data = Envelopes.success(deployment.users(channel));

        assertUsersHaveAllFields(data);
        assertTrue(data.path("isChannelExist").booleanValue());
        assertEquals(1, data.path("channelProfile").intValue());
        assertEquals(2, data.path("commTotalNum").intValue());
        assertEquals(Set.of("07503071", "12345678"), Set.copyOf(texts(data.path("userList"))));
        assertTrue(data.path("timestamp").longValue() >= earliest);
        assertTrue(data.path("timestamp").longValue() <= Instant.now().getEpochSecond());
    }

    @Test
    void users_allGone_areCountedAsNoneThoughTheChannelLingers() {
        var channel = deployment.newChannel();
        deployment.sandbox().join(channel, "1");
        deployment.sandbox().leave(channel, "1");

        var data = Envelopes.success(deployment.users(channel));

        assertUsersHaveAllFields(data);
        assertTrue(data.path("isChannelExist").booleanValue());
        assertEquals(0, data.path("commTotalNum").intValue());
        Envelopes.failure(404, deployment.startTime(channel));
    }

    @Test
    void startTime_afterAToken_isWhenTheTokenWasIssued() {
        var channel = deployment.newChannel();
        var earliest = Instant.now().minus(CLOCK_TOLERANCE);
        Envelopes.success(deployment.token(channel));

        var data = Envelopes.success(deployment.startTime(channel));

        assertEquals(Set.of("channelStartTimeUtc", "channelStartTimeTs", "serverTimeTs", "elapsedMillis"), names(data));
        assertFalse(start(data).isBefore(earliest), data::toString);
        assertFalse(serverTime(data).isAfter(Instant.now().plus(CLOCK_TOLERANCE)), data::toString);
        var elapsed = data.path("elapsedMillis").longValue();
        var difference = Duration.between(start(data), serverTime(data)).toMillis();
        assertTrue(elapsed >= 0, data::toString);
        // The parts of a millisecond are cut off of each by itself.
        assertTrue(Math.abs(elapsed - difference) <= 1, data::toString);
    }

    @Test
    void startTime_tokenAgainWhileNobodyIsThere_isTheLaterToken() {
        var channel = deployment.newChannel();
        Envelopes.success(deployment.token(channel));
        var between = serverTime(Envelopes.success(deployment.startTime(channel)));

        Envelopes.success(deployment.token(channel));
        Envelopes.success(deployment.users(channel));

        assertFalse(start(Envelopes.success(deployment.startTime(channel))).isBefore(between));
    }

    @Test
    void startTime_tokenAgainWhileSomebodyIsThere_stays() {
        var channel = deployment.newChannel();
        var user = Envelopes.success(deployment.token(channel)).path("userid").textValue();
        var start = start(Envelopes.success(deployment.startTime(channel)));
        deployment.sandbox().join(channel, user);

        Envelopes.success(deployment.token(channel));
        Envelopes.success(deployment.users(channel));

        assertEquals(start, start(Envelopes.success(deployment.startTime(channel))));
    }

    @Test
    void startTime_callOlderThanTheServer_isTheEarliestJoinIfTheProductTellsJoins() {
        var channel = deployment.newChannel();
        deployment.join(channel, "2", Duration.ofSeconds(30));
        var earliest = deployment.join(channel, "1", Duration.ofSeconds(95));
        deployment.join(channel, "3", Duration.ZERO);
        if (deployment.product() == Product.LIVE) {
            Envelopes.failure(404, deployment.startTime(channel));
            Envelopes.success(deployment.token(channel));
            Envelopes.failure(404, deployment.startTime(channel));
        } else {
            var data = Envelopes.success(deployment.startTime(channel));
            assertEquals(earliest, start(data));
            assertTrue(data.path("elapsedMillis").longValue() >= 95_000, data::toString);
            Envelopes.success(deployment.token(channel));
            assertEquals(earliest, start(Envelopes.success(deployment.startTime(channel))));
        }
    }

    @Test
    void startTime_tokenForACallOlderThanTheServer_isTheEarliestJoinIfTheProductTellsJoins() {
        var channel = deployment.newChannel();
        var join = deployment.join(channel, "1", Duration.ofSeconds(95));
        Envelopes.success(deployment.token(channel));

        if (deployment.product() == Product.LIVE) {
            Envelopes.failure(404, deployment.startTime(channel));
        } else {
            assertEquals(join, start(Envelopes.success(deployment.startTime(channel))));
        }
    }

    @Test
    void startTime_noCall_isNotFound() {
        Envelopes.failure(404, deployment.startTime(deployment.newChannel()));
    }

    @Test
    void requestIds_ofTwoAnswers_differ() {
        var first = deployment.token("a").header("X-Request-Id");
        var second = deployment.get("/app/none").header("X-Request-Id");

        assertFalse(first.equals(second), first::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/state", "/app/token?channelId=a", "/app/token"})
    void answer_any_isNeitherGuessedAtNorKept(String path) {
        var answer = deployment.get(path);

        assertTrue(answer.header("Content-Type").orElse("").startsWith("application/json"), answer::toString);
        assertEquals(Optional.of("nosniff"), answer.header("X-Content-Type-Options"));
        assertEquals(Optional.of("no-store"), answer.header("Cache-Control"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html"})
    void page_welcome_saysHello(String path) {
        var answer = deployment.get(path);

        assertEquals(200, answer.status());
        assertTrue(answer.body().contains("Hello RTC!"), answer::toString);
        assertTrue(answer.header("Content-Type").orElse("").startsWith("text/html"), answer::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "/,                 text/html",
        "/index.html,       text/html",
        "/page/main.js,     text/javascript",
        "/page/page.css,    text/css",
        "/page/icon.svg,    image/svg+xml",
    })
    void path_anyOfThePage_comesAsWhatItIsAndUnderAStrictPolicy(String path, String type) {
        var answer = deployment.get(path);

        assertEquals(200, answer.status());
        assertTrue(answer.header("Content-Type").orElse("").startsWith(type), answer::toString);
        assertEquals(Optional.of("nosniff"), answer.header("X-Content-Type-Options"));
        assertEquals(Optional.of("no-referrer"), answer.header("Referrer-Policy"));
        var policy = answer.header("Content-Security-Policy").orElse("");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
        assertTrue(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), policy);
        assertEquals(Optional.of("no-store"), answer.header("Cache-Control"));
    }

    @Test
    void tokenCheck_notSwitchedOn_isNotThere() {
        Envelopes.failure(404, deployment.send("POST", "/app/tokenCheck"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "TRACE", "FROBNICATE"})
    void tokenCheck_otherMethod_isNotAllowed(String method) {
        var answer = deployment.send(method, "/app/tokenCheck");

        Envelopes.failure(405, answer);
        assertEquals(Set.of("POST", "OPTIONS"), allowed(answer), answer::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app",
                "/app/",
                "/app/none",
                "/app/token/",
                "/app/token/x",
                "/app/TOKEN",
                "/app/token.json",
                "/app/descChannelUsers/x/y?channelId=a",
                "/app/error",
                "/WEB-INF/web.xml",
                "/WEB-INF/classes/application.properties"
            })
    void path_unknown_isNotFound(String path) {
        Envelopes.failure(404, deployment.get(path));
        Envelopes.failure(404, deployment.send("POST", path));
    }

    @Test
    void head_goodAndBad_isTheAnswerWithoutItsBody() {
        for (var path : List.of("/app/token", "/app/descChannelUsers")) {
            Envelopes.headOnly(200, deployment.send("HEAD", path + "?channelId=a"));
            Envelopes.headOnly(400, deployment.send("HEAD", path + "?channelId=0"));
        }
        Envelopes.headOnly(404, deployment.send("HEAD", "/app/none"));
    }

    @Test
    void options_everyPath_tellsTheMethods() {
        for (var path : PATHS) {
            var answer = deployment.send("OPTIONS", path);

            Envelopes.success(answer);
            assertEquals(Set.of("GET", "HEAD", "OPTIONS"), allowed(answer));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "TRACE", "FROBNICATE"})
    void method_other_isNotAllowed(String method) {
        for (var path : PATHS) {
            var answer = deployment.send(method, path + "?channelId=a");

            Envelopes.failure(405, answer);
            assertEquals(Set.of("GET", "HEAD", "OPTIONS"), allowed(answer), answer::toString);
        }
    }

    @Test
    void body_namesTheChannel_isIgnored() {
        var path = Server.CONTEXT + "/app/token";

        Envelopes.failure(400, deployment.wire().send("GET", path, "channelId=a"));
        Envelopes.success(deployment.wire().send("GET", path + "?channelId=a", "channelId=b"));
        Envelopes.failure(405, deployment.wire().send("POST", path, "channelId=a"));
    }

    static List<String> badQueries() {
        return List.of(
                "",
                "?",
                "?channelId",
                "?channelId=",
                "?channelID=a",
                "?user=a",
                "?channelId=a&channelId=b",
                "?channelId=a&channelId=a",
                "?channelId=a&channel%49d=b",
                "?channelId=" + "a".repeat(65),
                "?channelId=" + "a".repeat(4000),
                "?channelId=%20",
                "?channelId=+",
                "?channelId=a+",
                "?channelId=0",
                "?channelId=%30",
                "?channelId=a/b",
                "?channelId=a%2Fb",
                "?channelId=.",
                "?channelId=%2e%2e%2f%2e%2e%2fetc%2fpasswd",
                "?channelId=..%5c..%5cwindows",
                "?channelId=%zz",
                "?channelId=%",
                "?channelId=a%4",
                "?channelId=%E4%BA%BA",
                "?channelId=%C3%28",
                "?channelId=%EF%BC%91",
                "?channelId=%00",
                "?channelId=a%00",
                "?channelId=a%0d%0aX-Injected:%201",
                "?channelId=a%0a",
                "?channelId=%3Cscript%3Ealert(1)%3C/script%3E",
                "?channelId=a%26AppId=b",
                "?channelId=a;b",
                "?channelId=a,b");
    }

    @ParameterizedTest
    @MethodSource("badQueries")
    void channelId_bad_isRefused(String query) {
        for (var path : PATHS) {
            var answer = deployment.get(path + query);

            Envelopes.failure(400, answer);
            assertEquals(Optional.empty(), answer.header("X-Injected"));
            assertFalse(answer.body().contains("<script"), answer::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/token?channelId=\u4eba",
                "/app/token?channelId=<script>",
                "/app/token?channelId=a b",
                "/app/token?channelId=\0",
                "/app/token%00?channelId=a",
                "/app/%zz?channelId=a",
                "/app/%2e%2e/WEB-INF/web.xml",
                "/app/..%2fWEB-INF/web.xml",
                "/app/../../../../etc/passwd",
                "/app/..;/WEB-INF/web.xml",
                "/app/\\..\\WEB-INF\\web.xml"
            })
    void request_thatContainersMayRefuseThemselves_tellsNothing(String target) {
        var answer = deployment.get(target);

        assertTrue(answer.status() >= 400 && answer.status() < 500, answer::toString);
        assertEquals(Optional.empty(), answer.header("X-Injected"));
        Envelopes.assertTellsNoInsides(answer);
    }

    @Test
    void request_eightKilobytesLong_tellsNothing() {
        var answer = deployment.get("/app/token?channelId=" + "a".repeat(8192));

        assertTrue(answer.status() >= 400 && answer.status() < 500, answer::toString);
        Envelopes.assertTellsNoInsides(answer);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(FaultKind.FORBIDDEN, 502),
                Arguments.of(FaultKind.THROTTLED, 503),
                Arguments.of(FaultKind.JSON503, 503),
                Arguments.of(FaultKind.HTML500, 503),
                Arguments.of(FaultKind.TRUNCATED, 503),
                Arguments.of(FaultKind.TRUNCATEDERROR, 503),
                Arguments.of(FaultKind.WRONGTYPES, 503),
                Arguments.of(FaultKind.MISSING, 503),
                Arguments.of(FaultKind.RESET, 503),
                Arguments.of(FaultKind.REFUSE, 503),
                Arguments.of(FaultKind.HUGE, 503),
                Arguments.of(FaultKind.HANG, 504));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void upstream_failing_isToldByStatusWhileTokensGoOn(FaultKind fault, int status) {
        deployment.afflict(Fault.of(fault));
        try {
            var users = deployment.wire().getLater(target("/app/descChannelUsers"));
            var start = deployment.wire().getLater(target("/app/descChannelStartTime"));

            assertTimeout(AT_ONCE, () -> Envelopes.success(deployment.token(deployment.newChannel())));
            for (var answer : List.of(users.join(), start.join())) {
                Envelopes.failure(status, Deployment.checked(answer));
                if (status == 503) {
                    assertTrue(answer.header("Retry-After").orElse("").matches("[1-9][0-9]*"), answer::toString);
                }
            }
        } finally {
            deployment.heal();
        }
    }

    private String target(String path) {
        return Server.CONTEXT + path + "?channelId=" + deployment.newChannel();
    }

    private static void assertUsersHaveAllFields(JsonNode data) {
        assertEquals(
                Set.of(
                        "requestId",
                        "timestamp",
                        "isChannelExist",
                        "channelProfile",
                        "commTotalNum",
                        "interactiveUserNum",
                        "liveUserNum",
                        "userList",
                        "interactiveUserList",
                        "liveUserList"),
                names(data));
        assertFalse(data.path("requestId").asText("").isEmpty());
        assertTrue(data.path("isChannelExist").isBoolean());
        for (var number : List.of("timestamp", "channelProfile", "commTotalNum", "interactiveUserNum", "liveUserNum")) {
            assertTrue(data.path(number).isInt(), data::toString);
        }
        for (var list : List.of("userList", "interactiveUserList", "liveUserList")) {
            assertTrue(data.path(list).isArray(), data::toString);
        }
    }

    /** Returns the start time, of which both forms have to agree. */
    private static Instant start(JsonNode data) {
        var utc = data.path("channelStartTimeUtc").textValue();
        assertTrue(utc.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"), utc);
        var start = Instant.ofEpochMilli(data.path("channelStartTimeTs").longValue());
        assertEquals(start.truncatedTo(ChronoUnit.SECONDS), Instant.parse(utc));
        return start;
    }

    private static Instant serverTime(JsonNode data) {
        return Instant.ofEpochMilli(data.path("serverTimeTs").longValue());
    }

    private static Set<String> allowed(Answer answer) {
        return Set.of(answer.header("Allow").orElse("").split(", *", -1));
    }

    private static Set<String> names(JsonNode json) {
        var names = new TreeSet<String>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }
}
