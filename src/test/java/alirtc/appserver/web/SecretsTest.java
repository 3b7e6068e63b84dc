package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.Bootstrap;
import alirtc.appserver.auth.Jwts;
import alirtc.appserver.config.Product;
import alirtc.appserver.config.TestConfig;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.ServletContextEvent;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is secret is never written, whatever fails: each secret here holds one word, which is looked for in the log, the
 * output, the names of threads, the metrics, and every answer; and so are tokens and JWTs, which only their callers get.
 */
class SecretsTest {
    private static final String WORD = "nobody-must-see";
    private static final String JWT_SECRET = "jwt-secret-" + WORD + "-0123456789-0123456789";
    private static final String ADMIN_SECRET = "admin-secret-" + WORD;
    private static final Set<FaultKind> ENDLESS = Set.of(FaultKind.HANG, FaultKind.SLOW, FaultKind.TRICKLE);
    private static final String USERS = "DescribeChannelUsers";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** What only signed addresses hold. */
    private static final List<String> SIGNED =
            List.of("Signature=", "SignatureNonce", "AccessKeyId=", "SecurityToken=");

    private static final Map<String, String> SETTINGS = Map.of(
            "auth", "jwt",
            "auth.jwt.secret", JWT_SECRET,
            "rtc.tokenCheck", "on",
            "admin.secret", ADMIN_SECRET,
            "durationlimit", "1",
            "rtc.1v1audio.maxUsers", "2");

    private final Written written = new Written();

    /** Everything sent to callers and readers of metrics but the tokens themselves. */
    private final List<String> answers = new ArrayList<>();

    /** Tokens and JWTs. */
    private final Set<String> passes = new LinkedHashSet<>();

    @TempDir
    private Path folder = Path.of(".");

    @AfterEach
    void close() {
        written.close();
    }

    private String jwt(TestServer server, String header, String payload, String key) {
        var jwt = Jwts.of(header, payload, server.time().wall().instant(), Jwts.hmac(256, key.getBytes(UTF_8)));
        passes.add(jwt.substring(jwt.indexOf('.') + 1));
        return jwt;
    }

    private String good(TestServer server) {
        return jwt(server, "{'alg':'HS256'}", "{'sub':'alice','exp':$+600}", JWT_SECRET);
    }

    private CompletableFuture<TestServer.Answer> ask(TestServer server, String target, String... headers) {
        var request = HttpRequest.newBuilder(server.page().resolve(target));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return server.send(request);
    }

    private CompletableFuture<TestServer.Answer> askAsAlice(TestServer server, String target) {
        return ask(server, target, "Authorization", "Bearer " + good(server));
    }

    /** Waits for an answer that needs no more time to pass, and keeps it. */
    private JsonNode kept(CompletableFuture<TestServer.Answer> asked) throws Exception {
        var answer = asked.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        written.noteThreads();
        if (answer.data().has("token")) {
            passes.add(answer.data().path("token").textValue());
            passes.add(answer.data().path("joinToken").textValue());
        } else {
            answers.add(answer.body().toString());
        }
        answers.add(answer.headers().map().toString());
        return answer.data();
    }

    private void keepMetrics(TestServer server) throws Exception {
        var request = HttpRequest.newBuilder(server.page().resolve("metrics")).build();
        var metrics = HTTP.send(request, BodyHandlers.ofString()).body();
        assertTrue(metrics.contains("alirtc_http_request_duration_seconds_count"), metrics);
        answers.add(metrics);
    }

    /** Lets time pass, if need be, until there is an answer. */
    private static CompletableFuture<TestServer.Answer> inTime(
            TestServer server, CompletableFuture<TestServer.Answer> asked) throws Exception {
        for (int i = 0; i < 100 && !asked.isDone(); i++) {
            try {
                asked.get(30, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                server.time().advance(Duration.ofMillis(500));
            }
        }
        return asked;
    }

    /** Asks everything that can be asked, and lets a call reach its limit. */
    private void askAll(TestServer server, String room, FaultKind kind) throws Exception {
        server.sandbox().join(room, "ann");
        var ticket = kept(askAsAlice(server, "app/token?channelId=" + room + "-new"));
        var asked = List.of(
                askAsAlice(server, "app/descChannelUsers?channelId=" + room),
                askAsAlice(server, "app/descChannelStartTime?channelId=" + room));
        for (var one : asked) {
            kept(inTime(server, one));
        }
        kept(check(server, ticket, ticket.path("token").textValue()));
        kept(check(server, ticket, WORD));
        kept(ask(server, "app/state"));
        kept(ask(server, "admin/calls", "Authorization", "Bearer " + ADMIN_SECRET));
        kept(ask(server, "admin/calls", "Authorization", "Bearer x" + ADMIN_SECRET));
        if (!ENDLESS.contains(kind)) {
            server.time().advance(Duration.ofSeconds(59));
            server.until(Duration.ofSeconds(5), () -> server.sandbox().requestCount("DeleteChannel") > 0);
        }
        kept(inTime(server, order(server, "admin/calls/" + room + "-other?for=1s")));
        kept(inTime(server, order(server, "admin/calls/" + room + "-other/users/bob")));
        keepMetrics(server);
    }

    private static CompletableFuture<TestServer.Answer> order(TestServer server, String target) {
        return server.send(HttpRequest.newBuilder(server.page().resolve(target))
                .DELETE()
                .headers("Authorization", "Bearer " + ADMIN_SECRET, "X-Admin-Actor", "anna"));
    }

    private CompletableFuture<TestServer.Answer> check(TestServer server, JsonNode ticket, String token) {
        var body = "{\"appid\":\"" + TestConfig.APP_ID + "\",\"channelId\":\"x\",\"userid\":\"alice\",\"nonce\":\""
                + ticket.path("nonce").textValue() + "\",\"timestamp\":"
                + ticket.path("timestamp").longValue() + ",\"token\":\"" + token + "\"}";
        return server.send(HttpRequest.newBuilder(server.page().resolve("app/tokenCheck"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + good(server))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private void assertNothingSecret() {
        var all = written.text();
        assertFalse(all.contains(WORD), () -> "a secret in " + lineWith(all, WORD));
        var sent = String.join("\n", answers);
        assertFalse(sent.contains(WORD), () -> "a secret in " + lineWith(sent, WORD));
        for (var text : Stream.concat(passes.stream(), SIGNED.stream()).toList()) {
            assertFalse(all.contains(text), () -> text + " in " + lineWith(all, text));
            assertFalse(sent.contains(text), () -> text + " in " + lineWith(sent, text));
        }
    }

    private static String lineWith(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).findFirst().orElse("lines");
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void everyFault_isToldWithoutSecrets(Product product) throws Exception {
        try (var server = TestServer.start(product, SETTINGS)) {
            for (var kind : FaultKind.values()) {
                for (var spared : new boolean[] {false, true}) {
                    // Lookups and joins succeed where they are spared, so that the deletion after them meets the fault.
                    server.sandbox().reset();
                    server.restart();
                    server.sandbox().set(fault(kind));
                    if (spared) {
                        server.sandbox().set(Fault.NONE, USERS);
                        if (product == Product.RTC) {
                            server.sandbox().set(Fault.NONE, "DescribeUserInfoInChannel");
                        }
                    }
                    askAll(server, "room-" + kind.label(), spared ? FaultKind.NONE : kind);
                    server.sandbox().clearFaults();
                }
            }
        }
        var log = written.text();
        assertAll(
                () -> assertTrue(log.contains("INFO requests "), "lines of requests"),
                () -> assertTrue(log.contains("INFO calls "), "lines of calls"),
                () -> assertTrue(log.contains("the upstream's answer makes no sense"), "failures"),
                () -> assertTrue(log.contains("appserver-upstream-"), "threads"),
                () -> assertTrue(log.contains("cannot be ended yet"), "deletions that failed"),
                this::assertNothingSecret);
    }

    private static Fault fault(FaultKind kind) {
        return switch (kind) {
            case SLOW -> Fault.slow(Duration.ofMinutes(1));
            case SKEW -> Fault.skew(Duration.ofHours(8));
            default -> Fault.of(kind);
        };
    }

    /** The upstream's refusal of a signature repeats all that was signed. */
    @ParameterizedTest
    @EnumSource(Product.class)
    void wrongCredentials_areToldWithoutThem(Product product) throws Exception {
        for (var setting : List.of("accessKeySecret", "accessKeyID")) {
            var settings = new HashMap<>(SETTINGS);
            settings.put(setting, "wrong-" + WORD);
            try (var server = TestServer.start(product, settings)) {
                askAll(server, "room", FaultKind.NONE);
            }
        }
        var log = written.text();
        assertTrue(log.contains("SDK.InvalidAccessKeySecret"), log);
        assertTrue(log.contains("InvalidAccessKeyId.NotFound"), log);
        assertNothingSecret();
    }

    @Test
    void badJwts_areRefusedWithoutThem() throws Exception {
        try (var server = TestServer.start(SETTINGS)) {
            var jwt = good(server);
            var bad = List.of(
                    jwt(server, "{'alg':'HS256'}", "{'sub':'alice','exp':$-600}", JWT_SECRET),
                    jwt(server, "{'alg':'HS256'}", "{'sub':'alice','exp':$+600}", "wrong-" + JWT_SECRET),
                    jwt(server, "{'alg':'none'}", "{'sub':'alice','exp':$+600}", JWT_SECRET),
                    jwt(server, "{'alg':'HS256','kid':'" + WORD + "'}", "{'exp':$+600}", JWT_SECRET),
                    jwt(server, "{'alg':'" + WORD + "'}", "{'sub':'alice','exp':$+600}", JWT_SECRET),
                    jwt(server, "{'alg':'HS256'}", "{'sub':'" + WORD + "?','exp':$+600}", JWT_SECRET),
                    jwt(server, "{'alg':'HS256'}", "{'sub':'alice','exp':'" + WORD + "'}", JWT_SECRET),
                    jwt(
                            server,
                            "{'alg':'HS256'}",
                            "{'sub':'alice','channelId':'" + WORD + "','exp':$+600}",
                            JWT_SECRET),
                    jwt + ".x",
                    jwt.substring(0, jwt.length() - 9),
                    JWT_SECRET);
            for (var one : bad) {
                kept(ask(server, "app/token?channelId=room", "Authorization", "Bearer " + one));
            }
            kept(ask(server, "app/token?channelId=room", "Authorization", jwt));
            kept(ask(
                    server,
                    "app/token?channelId=room",
                    "Authorization",
                    "Bearer " + jwt,
                    "Authorization",
                    "Bearer " + jwt));
            keepMetrics(server);
        }
        assertEquals(
                13,
                answers.stream()
                        .filter(one -> one.startsWith("{\"result\":\"false\""))
                        .count(),
                "refusals");
        assertNothingSecret();
    }

    static Stream<Map<String, String>> badSettings() throws Exception {
        var packaged = new Properties();
        try (var in = SecretsTest.class.getClassLoader().getResourceAsStream("application.properties")) {
            packaged.load(in);
        }
        var names =
                Stream.concat(packaged.stringPropertyNames().stream(), Stream.of("rtc.unknown", "auth.jwt.unknown"));
        var files = Stream.of("missing-" + WORD, ".", "long", "empty", "odd")
                .flatMap(file -> Stream.of(
                                "rtc.1v1audio.appKey",
                                "accessKeyID",
                                "accessKeySecret",
                                "auth.jwt.secret",
                                "events.secret")
                        .map(name -> Map.of(name + ".file", file)));
        return Stream.concat(names.map(name -> Map.of(name, WORD + " \u00e9\u0001" + WORD)), files);
    }

    @ParameterizedTest
    @MethodSource
    void badSettings(Map<String, String> bad) throws Exception {
        Files.writeString(folder.resolve("long"), WORD.repeat(1000));
        Files.writeString(folder.resolve("empty"), "");
        Files.writeString(folder.resolve("odd"), WORD + " " + WORD);
        var settings = new HashMap<>(Map.of(
                "auth",
                "jwt",
                "registry",
                "redis",
                "events",
                "on",
                "rtc.1v1audio.appId",
                "app",
                "accessKeySecret",
                WORD));
        bad.forEach((name, text) -> {
            settings.remove(name.replace(".file", ""));
            settings.put(name, name.endsWith(".file") ? folder.resolve(text).toString() : text);
        });
        settings.forEach(System::setProperty);
        try {
            var event = new ServletContextEvent(new ServletContextHandler().getServletContext());
            var refusal = assertThrows(IllegalStateException.class, () -> new Bootstrap().contextInitialized(event));
            answers.add(refusal.toString());
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
        assertTrue(written.text().contains(bad.keySet().iterator().next()), written::text);
        assertNothingSecret();
    }

    @Test
    void settings_inWords_holdNoSecret() throws Exception {
        var file = Files.writeString(folder.resolve("secret"), JWT_SECRET + "\n");
        var config = TestConfig.of(Map.of("auth", "jwt", "auth.jwt.secret.file", file.toString()));
        answers.addAll(List.of(
                config.toString(),
                config.access().toString(),
                config.upstream().credentials().toString(),
                config.token().appKey().toString()));
        assertNothingSecret();
    }
}
