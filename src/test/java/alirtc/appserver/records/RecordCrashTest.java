package alirtc.appserver.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallRecord;
import alirtc.appserver.records.Outbox.Message;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes records is killed again and again, wherever it is, as by kill -9. */
class RecordCrashTest {
    private static final int KILLS = 4;
    private static final int MAX_LINES = 400;

    @TempDir
    private Path folder;

    private final Random random = new Random(20261129);
    private final Set<String> taken = new HashSet<>();
    private final Set<String> delivered = new HashSet<>();

    private static String program() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Runs the writer until it has printed so many lines, kills it, and reads what it printed by then. */
    private void runAndKill(int first, int lines) throws Exception {
        var process = new ProcessBuilder(
                        program(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingWriter.class.getName(),
                        folder.toString(),
                        Integer.toString(first))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            int read = 0;
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("T ")) {
                    taken.add(line.substring(2));
                } else if (line.startsWith("D ") && line.split(" ").length == 3) {
                    delivered.add(line.substring(2));
                }
                if (++read == lines) {
                    // Unlike the process itself, this leaves what was printed to be read.
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(137, process.exitValue(), "the writer ended by itself");
    }

    @Test
    void process_killedAgainAndAgain_losesAndDoublesNothingThatWasCommitted() throws Exception {
        int next = 1;
        for (int kill = 0; kill < KILLS; kill++) {
            runAndKill(next, 1 + random.nextInt(MAX_LINES));
            next = checked() + 1;
        }
        assertTrue(next > KILLS, "hardly anything was written");
        assertTrue(delivered.size() > KILLS, "hardly anything was delivered");
    }

    /** Checks what the next start finds; returns the number of the last call in it. */
    private int checked() throws Exception {
        var clock = SampleCalls.clock();
        var records = SampleCalls.records(folder, clock);
        try {
            assertTrue(records.isWritable());
            var ended = records.newest(Integer.MAX_VALUE).get(30, TimeUnit.SECONDS).stream()
                    .map(CallRecord::callId)
                    .sorted()
                    .toList();
            int last = ended.size();
            assertEquals(
                    IntStream.rangeClosed(1, last).mapToObj(SampleCalls::id).toList(), ended, "calls before the last");
            var open = new ArrayList<>(records.openAtStart().values());
            assertTrue(open.size() <= 1, open::toString);
            open.forEach(one -> assertEquals(SampleCalls.id(last + 1), one.callId()));
            int known = last + open.size();
            var waiting = new TreeMap<String, List<Integer>>();
            for (Message message : records.waiting(Integer.MAX_VALUE).get(30, TimeUnit.SECONDS)) {
                waiting.computeIfAbsent(message.callId(), call -> new ArrayList<>())
                        .add(message.seq());
            }
            for (int n = 1; n <= known; n++) {
                int told = n <= last ? 3 : open.get(0).told();
                checkMessages(SampleCalls.id(n), told, waiting.getOrDefault(SampleCalls.id(n), List.of()));
            }
            assertTrue(waiting.isEmpty() || waiting.lastKey().compareTo(SampleCalls.id(known)) <= 0);
            if (known > last) {
                SampleCalls.end(records, known, clock.instant());
            }
            return known;
        } finally {
            records.close();
        }
    }

    /** Those that wait are the last ones of their call; those that do not were taken out at some time. */
    private void checkMessages(String callId, int told, List<Integer> waiting) {
        int gone = told - waiting.size();
        assertEquals(IntStream.rangeClosed(gone + 1, told).boxed().toList(), waiting, callId);
        for (int seq = 1; seq <= told; seq++) {
            var message = callId + " " + seq;
            assertTrue(seq > gone || taken.contains(message), () -> "lost without having been taken: " + message);
            assertTrue(seq <= gone || !delivered.contains(message), () -> "delivered and there again: " + message);
        }
    }
}
