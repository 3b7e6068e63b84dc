package alirtc.appserver.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import alirtc.appserver.sandbox.WebhookReceiver;
import alirtc.appserver.web.TestServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The curl lines of the documentation do what it says, one after the other, in a server as {@code mvn jetty:run} starts it
 * without credentials. No line is left out; of a page without any, the test says so.
 */
class CurlLinesTest {
    private static final String BASE = "http://127.0.0.1:8080/1v1-audio/";

    /** What {@code SandboxBootstrap} sets, so that the token in the documentation is a valid one. */
    private static final Map<String, String> AS_WITHOUT_CREDENTIALS = Map.of(
            "rtc.1v1audio.appId", "sandbox1",
            "rtc.1v1audio.appKey", "sandbox-app-key",
            "rtc.tokenCheck", "on");

    /** A command, with or without a prompt in front of it and a comment behind it. */
    private static final Pattern COMMAND = Pattern.compile("(?:\\$ )?(curl .*?)(?: +# .*)?");

    private static final Pattern VARIABLE = Pattern.compile("[A-Z]+=.*");

    /** Three dots in place of fields, which then may be more. */
    private static final Pattern LEFT_OUT = Pattern.compile("(?<=[{,])…,|,…(?=})");

    /** How often the test's clock is set to go on, while a command runs. */
    private static final long TICK_MILLIS = 20;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    /**
     * A command and what it answers.
     *
     * @param script what bash runs: the variables of the page, and the command
     * @param answer the answer that the page shows, in JSON; empty if it shows none
     */
    private record Example(String script, Optional<String> answer) {}

    /**
     * What a command answered.
     *
     * @param status of HTTP
     */
    private record Answer(int status, String body) {}

    private static List<Example> examples(Page page) {
        var examples = new ArrayList<Example>();
        var variables = new StringBuilder();
        for (int i = 0; i < page.code().size(); i++) {
            var line = page.code().get(i);
            var command = COMMAND.matcher(line);
            if (VARIABLE.matcher(line).matches()) {
                variables.append(line).append('\n');
            } else if (command.matches()) {
                var next = i + 1 < page.code().size() ? page.code().get(i + 1) : "";
                examples.add(new Example(
                        variables + command.group(1), Optional.of(next).filter(text -> text.startsWith("{"))));
            } else {
                assertFalse(line.contains("curl "), () -> "Not run: " + line);
            }
        }
        return examples;
    }

    @BeforeAll
    static void findPrograms() {
        for (var name : List.of("bash", "curl")) {
            var folders = System.getenv("PATH").split(File.pathSeparator, -1);
            assumeTrue(
                    Arrays.stream(folders).anyMatch(folder -> Files.isExecutable(Path.of(folder, name))),
                    "this machine has no " + name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "quick-start.md", "api.md", "sandbox.md", "events.md"})
    void curl_asDocumented_answersAsDocumented(String name) throws Exception {
        var page = Page.english().stream()
                .filter(candidate -> candidate.path().endsWith(name))
                .findFirst()
                .orElseThrow();
        var examples = examples(page);
        assertFalse(examples.isEmpty(), "no curl line");
        try (var receiver = WebhookReceiver.start("whsec_", InstantSource.system());
                var server = TestServer.start(AS_WITHOUT_CREDENTIALS)) {
            server.publish(receiver);
            if (name.equals("api.md")) {
                // Its answers are of a channel that somebody is in.
                server.sandbox().join("room1", "65709616");
            }
            for (var example : examples) {
                check(example, run(server, example.script()));
            }
        }
    }

    /** Runs a script while time passes in the server as it does in the test. */
    private Answer run(TestServer server, String script) throws Exception {
        var output = folder.resolve("output");
        var base = server.page().resolve(".").toString();
        var process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "curl() { command curl -sS --max-time " + TestServer.PATIENCE.toSeconds()
                                + " -w '\\n%{http_code}' \"$@\"; }\n"
                                + script.replace(BASE, base))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        long before = System.nanoTime();
        while (!process.waitFor(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
            long now = System.nanoTime();
            server.time().advance(Duration.ofNanos(now - before));
            before = now;
        }
        var lines = Files.readString(output);
        assertEquals(0, process.exitValue(), () -> script + "\n" + lines);
        int last = lines.lastIndexOf('\n');
        return new Answer(Integer.parseInt(lines.substring(last + 1)), lines.substring(0, last));
    }

    private static void check(Example example, Answer answer) throws Exception {
        var shown = example.script() + "\n" + answer;
        var actual = JSON.readTree(answer.body());
        if (example.answer().isEmpty()) {
            assertEquals(200, answer.status(), shown);
            return;
        }
        var text = example.answer().get();
        var documented = JSON.readTree(LEFT_OUT.matcher(text).replaceAll(""));
        assertEquals(documented.path("code").asInt(200), answer.status(), shown);
        for (var field : List.of("result", "code", "message")) {
            assertEquals(documented.path(field), actual.path(field), shown);
        }
        assertAlike(documented, actual, LEFT_OUT.matcher(text).find(), shown);
    }

    /** Compares form and field names, and the values that are the same at each request: yes or no, some or none. */
    private static void assertAlike(JsonNode documented, JsonNode actual, boolean leavesOut, String shown) {
        assertEquals(documented.getNodeType(), actual.getNodeType(), shown);
        if (documented.isBoolean()) {
            assertEquals(documented, actual, shown);
        } else if (documented.isArray()) {
            assertEquals(documented.isEmpty(), actual.isEmpty(), shown);
        } else if (documented.isObject()) {
            var names = names(documented);
            if (leavesOut) {
                assertTrue(names(actual).containsAll(names), () -> names + " in " + shown);
            } else {
                assertEquals(names, names(actual), shown);
            }
            names.forEach(name -> assertAlike(documented.path(name), actual.path(name), leavesOut, shown));
        }
    }

    private static List<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    private static Stream<Page> chinesePages() {
        return Page.chinese().stream();
    }

    @ParameterizedTest
    @MethodSource("chinesePages")
    void curl_translated_isTheOriginal(Page page) {
        assertEquals(examples(Page.read(page.original())), examples(page));
    }

    @Test
    void leftOut_fields_areRecognized() {
        assertEquals(
                "{\"a\":1,\"b\":\"x…\"}",
                LEFT_OUT.matcher("{…,\"a\":1,…,\"b\":\"x…\",…}").replaceAll(""));
    }
}
