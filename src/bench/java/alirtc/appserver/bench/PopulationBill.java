package alirtc.appserver.bench;

import alirtc.appserver.bench.PopulationOptions.Trouble;
import alirtc.appserver.sandbox.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The records of calls, if a run has them: who is told of them, what goes wrong with that, and whether they are right. */
final class PopulationBill implements AutoCloseable {
    /** When no message came for so long and none waits, none is to be expected. */
    private static final int QUIET_SECONDS = 20;

    /** What failed twice comes after five minutes. */
    private static final int MAX_SECONDS = 400;

    private static final Pattern WAITING = Pattern.compile("(?m)^alirtc_webhooks_waiting ([0-9.E]+)$");

    /** An end that nobody told of is seen by polls, half a minute apart, and more time passes before anything is judged. */
    private static final Duration SEEN_LATE = Duration.ofSeconds(30);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final PopulationOptions options;
    private final InstantSource clock = InstantSource.system();
    private final PopulationRecords records = new PopulationRecords();
    private final Optional<PopulationReceiver> receiver;
    private @Nullable PopulationCrashes crashes;

    /** Starts a receiver, if the run has records. */
    PopulationBill(PopulationOptions options) throws IOException {
        this.options = options;
        this.receiver = options.records() ? Optional.of(new PopulationReceiver(clock)) : Optional.empty();
    }

    /** What came of it. */
    record Verdict(
            PopulationRecords.Verdict records, PopulationReceiver receiver, List<String> disordered, long forged) {

        boolean isClean() {
            return records.isClean() && disordered.isEmpty() && forged == 0;
        }

        void print() {
            records.print();
            System.out.printf(
                    Locale.ROOT,
                    "  webhooks: %d, %d came again, %d out of order or lost, %d not signed well; delivered within %.2f s"
                            + " (p50), %.2f s (p99)%n",
                    receiver.messages(),
                    receiver.repeated(),
                    disordered.size(),
                    forged,
                    receiver.delay(50),
                    receiver.delay(99));
            disordered.stream().limit(5).forEach(line -> System.out.println("    " + line));
        }
    }

    /** Returns what a server has to be told. */
    Map<String, String> settings() throws IOException {
        var settings = new HashMap<String, String>();
        if (receiver.isPresent()) {
            settings.put("records", options.redis() ? "redis" : "file");
            if (!options.redis()) {
                settings.put(
                        "records.dir",
                        Files.createTempDirectory("population-records").toString());
            }
            settings.put("webhooks.url", receiver.get().url());
            settings.put("webhooks.secret", PopulationReceiver.SECRET);
        }
        return settings;
    }

    /** Learns from now on what happens at the cloud. */
    void watch(Sandbox sandbox) {
        sandbox.onChange(records::changed);
        sandbox.onRequest(records::requested);
    }

    /** Begins to have things crash, if they are to. */
    void begin(PopulationServers servers) {
        if (receiver.isPresent() && options.faults().contains(Trouble.CRASHES)) {
            crashes = new PopulationCrashes(servers, receiver.get(), records, servers.redis(), clock);
            crashes.start();
        }
    }

    /** Has nothing crash any more. */
    void endCrashes() throws InterruptedException {
        if (crashes != null) {
            crashes.end();
        }
    }

    /** Waits until no message comes any more, and judges the calls that ended before a time. */
    Optional<Verdict> judge(Instant until, PopulationServers servers) throws InterruptedException {
        if (receiver.isEmpty()) {
            return Optional.empty();
        }
        var bills = receiver.get();
        int messages = -1;
        for (int seconds = 0, quiet = 0; quiet < QUIET_SECONDS && seconds < MAX_SECONDS; seconds++) {
            TimeUnit.SECONDS.sleep(1);
            quiet = bills.messages() == messages && waiting(servers) == 0 ? quiet + 1 : 0;
            messages = bills.messages();
        }
        return Optional.of(new Verdict(
                records.judge(bills.records(), until.minus(SEEN_LATE)), bills, bills.disordered(), bills.forged()));
    }

    /** Returns how many messages wait at a server, which knows of all that share its store; one if it does not tell. */
    private static double waiting(PopulationServers servers) throws InterruptedException {
        var metrics = URI.create("http://127.0.0.1:" + servers.first().port() + "/1v1-audio/metrics");
        try {
            var answer = HTTP.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString());
            var found = WAITING.matcher(answer.body());
            return found.find() ? Double.parseDouble(found.group(1)) : 1;
        } catch (IOException e) {
            return 1;
        }
    }

    @Override
    public void close() {
        receiver.ifPresent(PopulationReceiver::close);
    }
}
