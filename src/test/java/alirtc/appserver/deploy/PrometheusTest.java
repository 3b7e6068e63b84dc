package alirtc.appserver.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.docs.Page;
import alirtc.appserver.web.TestServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Prometheus takes the rules, the configuration and the metrics; rules and dashboard ask for metrics that there are. */
class PrometheusTest {
    private static final int NOT_READY = 503;
    private static final Path FOLDER = Path.of("src/deploy/prometheus");
    private static final Path RULES_TEST = FOLDER.resolve("alerts.test.yml");
    private static final long POLL_NANOS = 50_000_000;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    /** Returns settings that switch on all that is counted. */
    private Map<String, String> everything() {
        return Map.of(
                "events", "on",
                "durationlimit", "10",
                "records", "file",
                "records.dir", folder.resolve("records").toString(),
                "webhooks.url", "http://127.0.0.1:9/",
                "webhooks.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }

    @Test
    void rules_tested_fireWhenTheyShould() throws Exception {
        Program.find("promtool").run("test", "rules", RULES_TEST.toString());
    }

    @Test
    void configuration_checked_isValid() throws Exception {
        Program.find("promtool")
                .run("check", "config", FOLDER.resolve("prometheus.yml").toString());
    }

    @Test
    void rules_each_areTestedToFireAndToBeSilent() {
        var cases = YAMLMapper.shared().readTree(RULES_TEST).findValues("alert_rule_test").stream()
                .flatMap(JsonNode::valueStream)
                .toList();
        for (var rule : Expressions.rules()) {
            var ofRule = cases.stream()
                    .filter(one -> one.path("alertname").equals(rule.path("alert")))
                    .map(one -> one.path("exp_alerts").isEmpty())
                    .collect(toCollection(TreeSet::new));
            assertEquals(List.of(false, true), List.copyOf(ofRule), rule::toString);
        }
    }

    @Test
    void rules_each_tellWhatToDo() {
        for (var rule : Expressions.rules()) {
            assertTrue(rule.path("annotations").path("runbook").asString("").length() > 20, rule::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/site/markdown/operation.md", "src/site/zh_CN/markdown/operation.md"})
    void rules_documented_areThoseThatThereAre(String page) {
        var documented = Page.read(Path.of(page)).rows().stream()
                .flatMap(row -> Page.codeSpans(row.get(0)))
                .filter(name -> name.startsWith("Rtc"))
                .collect(toCollection(TreeSet::new));

        assertEquals(
                Expressions.rules().stream()
                        .map(rule -> rule.path("alert").asString())
                        .collect(toCollection(TreeSet::new)),
                documented);
    }

    @Test
    void metrics_ofTheServer_keepTheConventions() throws Exception {
        try (var server = TestServer.start(everything())) {
            var text = Files.writeString(folder.resolve("metrics"), server.text("metrics"));
            Program.find("promtool").runWith(text, "check", "metrics");
        }
    }

    /** A real Prometheus reads a real server and answers every question of the rules and the dashboard. */
    @Test
    void prometheus_readingAServer_knowsEveryMetricThatIsAskedFor() throws Exception {
        var program = Program.find("prometheus");
        int port = freePort();
        try (var server = TestServer.start(everything())) {
            var process = program.start(
                    ProcessBuilder.Redirect.PIPE,
                    "--config.file=" + configuration(server.page()),
                    "--storage.tsdb.path=" + folder.resolve("data"),
                    "--web.listen-address=127.0.0.1:" + port);
            try {
                process.getOutputStream().close();
                var reader = new Thread(() -> drain(process), "prometheus");
                reader.setDaemon(true);
                reader.start();
                await(port, "up{job=\"rtc-appserver\"} == 1");
                for (var name : Expressions.metrics()) {
                    // Of this server, which is without Redis, they are there in name.
                    if (!name.startsWith("alirtc_redis_")) {
                        assertTrue(ask(port, name).path("data").path("result").size() > 0, name + " is not there");
                    }
                }
                for (var expression : Expressions.all()) {
                    assertEquals("success", ask(port, expression).path("status").asString(), expression);
                }
            } finally {
                process.destroy();
                process.waitFor();
            }
        }
    }

    private Path configuration(URI page) throws IOException {
        var file = folder.resolve("prometheus.yml");
        var text = Files.readString(FOLDER.resolve("prometheus.yml"))
                .replaceAll(
                        "(?s)    dns_sd_configs:.*",
                        "    static_configs: [{targets: ['" + page.getAuthority() + "']}]\n")
                .replace("15s", "1s")
                .replace("alerts.yml", Expressions.RULES.toAbsolutePath().toString());
        return Files.writeString(file, text);
    }

    private static void drain(Process process) {
        try {
            process.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // It ended.
        }
    }

    private static void await(int port, String expression) throws Exception {
        long end = System.nanoTime() + TestServer.PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (ask(port, expression).path("data").path("result").size() > 0) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new AssertionError("never: " + expression);
    }

    private static JsonNode ask(int port, String expression) throws Exception {
        var address = "http://127.0.0.1:" + port + "/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8);
        var request = HttpRequest.newBuilder(URI.create(address)).build();
        var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == NOT_READY) {
            throw new IOException("It reads its own files first");
        }
        return JsonMapper.shared().readTree(answer.body());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
