package alirtc.appserver.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import alirtc.appserver.call.CallRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose files may not grow beyond a limit, as on a full disk, and that may go on then. */
class FullDiskTest {
    private static final String PRLIMIT = "/usr/bin/prlimit";
    private static final int CALLS = 600;

    @TempDir
    private Path folder;

    /** The process: says when records cannot be written any more, and ends once all are. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            var clock = SampleCalls.clock();
            var records = SampleCalls.records(Path.of(arguments[0]), clock);
            for (int n = 1; n <= CALLS; n++) {
                SampleCalls.begin(records, n, clock.instant());
                SampleCalls.end(records, n, clock.instant());
            }
            while (records.isWritable()) {
                Thread.onSpinWait();
            }
            System.out.println("full");
            while (records.newest(CALLS).exceptionally(away -> List.of()).get().size() < CALLS) {
                Thread.onSpinWait();
            }
            System.out.println("written");
            records.close();
        }
    }

    /** Reads on to a line, past those of the log. */
    private static void awaitLine(BufferedReader out, String expected) throws IOException {
        var line = out.readLine();
        while (line != null && !line.equals(expected)) {
            line = out.readLine();
        }
        assertEquals(expected, line);
    }

    @Test
    void disk_fullForAWhile_losesNothing() throws Exception {
        assumeTrue(Files.isExecutable(Path.of(PRLIMIT)), () -> "this machine has no " + PRLIMIT);
        var command = List.of(
                PRLIMIT,
                "--fsize=100000:unlimited",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.toString());
        var process = new ProcessBuilder(command).start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            awaitLine(out, "full");
            var raised =
                    new ProcessBuilder(PRLIMIT, "--pid", Long.toString(process.pid()), "--fsize=unlimited").start();
            assertEquals(0, raised.waitFor());
            awaitLine(out, "written");
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
        var clock = SampleCalls.clock();
        try (var records = SampleCalls.records(folder, clock)) {
            assertEquals(
                    IntStream.rangeClosed(1, CALLS).mapToObj(SampleCalls::id).toList(),
                    records.newest(2 * CALLS).get(20, TimeUnit.SECONDS).stream()
                            .map(CallRecord::callId)
                            .sorted()
                            .toList());
            assertEquals(3 * CALLS, records.counts().waiting());
        }
    }
}
