package alirtc.appserver.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import alirtc.appserver.config.Secret;
import alirtc.appserver.config.WebhooksConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.records.FileRecords;
import alirtc.appserver.records.SampleCalls;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.webhooks.WebhookSender;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The receivers of the documentation verify what the server sends, and count it. */
class WebhookReceiversTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Path PAGE = Path.of("src/site/markdown/webhooks.md");
    private static final Path TRANSLATED = Path.of("src/site/zh_CN/markdown/webhooks.md");

    @TempDir
    private Path folder;

    private static String program(Path page, String language) throws Exception {
        var block = Pattern.compile("```" + language + "\n(.*?)```\n", Pattern.DOTALL)
                .matcher(Files.readString(page));
        assertEquals(1, block.results().count());
        return block.reset().results().findFirst().orElseThrow().group(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "python"})
    void program_translated_isTheOriginal(String language) throws Exception {
        assertEquals(program(PAGE, language), program(TRANSLATED, language));
    }

    @Test
    void receiver_inJava_verifiesAndCounts() throws Exception {
        var file = Files.writeString(folder.resolve("Receiver.java"), program(PAGE, "java"));
        check(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                file.toString(),
                "0"));
    }

    @Test
    void receiver_inPython_verifiesAndCounts() throws Exception {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "python3")));
        if (!there) {
            System.out.println("Skipped: this machine has no python3");
        }
        assumeTrue(there, "this machine has no python3");
        var file = Files.writeString(folder.resolve("receiver.py"), program(PAGE, "python"));
        check(List.of("python3", file.toString(), "0"));
    }

    private void check(List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("WEBHOOK_SECRET", SECRET);
        var process = builder.start();
        // Ends the waiting for a line that does not come.
        var late = CompletableFuture.delayedExecutor(40, TimeUnit.SECONDS);
        late.execute(process::destroyForcibly);
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            var first = String.valueOf(out.readLine());
            assertEquals("listening on ", first.replaceAll("[0-9]+$", ""));
            var address = URI.create("http://127.0.0.1:" + first.replaceAll("\\D+", "") + "/calls");
            assertEquals(401, forged(address));
            assertEquals(
                    List.of("1 calls, 60000 ms", "2 calls, 120000 ms", "2 calls, 150000 ms"), counted(address, out));
        } finally {
            process.destroyForcibly();
        }
    }

    private static int forged(URI address) throws Exception {
        var request = HttpRequest.newBuilder(address)
                .header("webhook-id", "msg_1")
                .header("webhook-timestamp", "1795953660")
                .header("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    /** Sends two calls and a correction of one; returns what the receiver prints after each. */
    private List<String> counted(URI address, BufferedReader out) throws Exception {
        var clock = new SteadyClock(InstantSource.system(), System::nanoTime);
        var types = Set.of("call.ended");
        var scheduler = new ScheduledThreadPoolExecutor(1);
        var executor = Executors.newFixedThreadPool(1);
        var lines = new ArrayList<String>();
        try (var records = new FileRecords(
                folder.resolve("records"), Duration.ofDays(1), types, clock, Thread::new, new Metrics().records())) {
            var config = new WebhooksConfig(address, List.of(new Secret(SECRET)), types, Duration.ofMinutes(1));
            new WebhookSender(
                            config, records, clock, executor, new Timers(scheduler), () -> 0, new Metrics().webhooks())
                    .start();
            SampleCalls.end(records, 1, clock.instant());
            lines.add(out.readLine());
            SampleCalls.end(records, 2, clock.instant());
            lines.add(out.readLine());
            SampleCalls.correct(records, 1, clock.instant());
            lines.add(out.readLine());
        } finally {
            scheduler.shutdownNow();
            executor.shutdownNow();
        }
        return lines;
    }
}
