package alirtc.appserver.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.WebhooksConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.records.Outbox.Counts;
import alirtc.appserver.records.Outbox.Message;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.SteadyClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileRecordsTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final Duration KEEP = Duration.ofDays(90);
    private static final Set<String> ALL = Set.copyOf(WebhooksConfig.TYPES);

    @TempDir
    private Path folder;

    private final ManualTime time = new ManualTime(START);
    private final SteadyClock clock = new SteadyClock(time.wall(), time::nanoTime);
    private final List<FileRecords> opened = new ArrayList<>();

    private FileRecords open(Set<String> told) {
        var records =
                new FileRecords(folder.resolve("records"), KEEP, told, clock, Thread::new, new Metrics().records());
        opened.add(records);
        return records;
    }

    @AfterEach
    void close() {
        opened.forEach(FileRecords::close);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static List<String> ids(List<Message> messages) {
        return messages.stream()
                .map(message -> message.callId().replaceFirst("^0+", "") + "/" + message.seq())
                .toList();
    }

    private static Message only(List<Message> messages) {
        assertEquals(1, messages.size(), messages::toString);
        return messages.get(0);
    }

    @Test
    void record_ofAnEndedCall_isFoundByItsEndAndIsTheSame() throws Exception {
        var records = open(Set.of());
        for (int n = 1; n <= 3; n++) {
            SampleCalls.begin(records, n, START.plusSeconds(n));
            SampleCalls.end(records, n, START.plusSeconds(n));
        }
        assertEquals(
                List.of(SampleCalls.record(3, START.plusSeconds(3)), SampleCalls.record(2, START.plusSeconds(2))),
                get(records.newest(2)));
        assertEquals(
                List.of(SampleCalls.record(2, START.plusSeconds(2))),
                get(records.endedBetween(START.plusSeconds(62), START.plusSeconds(63), 9)));
        assertEquals(new Counts(0, 0), records.counts());
    }

    @Test
    void record_corrected_replacesTheFormerOne() throws Exception {
        var records = open(Set.of());
        SampleCalls.end(records, 1, START);
        SampleCalls.end(records, 1, START.plusSeconds(5));
        assertEquals(List.of(SampleCalls.record(1, START.plusSeconds(5))), get(records.newest(9)));
    }

    @Test
    void openCalls_afterAStart_areThoseThatHadNotEnded() throws Exception {
        var first = open(ALL);
        SampleCalls.begin(first, 1, START);
        SampleCalls.begin(first, 2, START);
        SampleCalls.end(first, 1, START);
        first.close();
        assertEquals(
                Map.of(SampleCalls.channel(2), SampleCalls.open(2, 2, START)),
                open(ALL).openAtStart());
    }

    @Test
    void messages_ofACall_comeOutOneByOneInTheirOrder() throws Exception {
        var records = open(ALL);
        SampleCalls.begin(records, 1, START);
        SampleCalls.end(records, 1, START);
        SampleCalls.begin(records, 2, START);
        assertEquals(List.of("1/1", "2/1"), ids(get(records.takeDue(9))));
        assertEquals(List.of(), get(records.takeDue(9)));
        get(records.delivered(get(records.waiting(1)).get(0)));
        assertEquals(List.of("1/2"), ids(get(records.takeDue(9))));
        assertEquals(
                List.of("1/2", "1/3", "2/1", "2/2"),
                ids(get(records.waiting(9))).stream().sorted().toList());
        assertEquals(new Counts(4, 0), records.counts());
    }

    @Test
    void messages_ofTypesThatNobodyWants_areNotKept() throws Exception {
        var records = open(Set.of("call.ended"));
        SampleCalls.begin(records, 1, START);
        SampleCalls.end(records, 1, START);
        assertEquals(List.of("1/3"), ids(get(records.waiting(9))));
    }

    @Test
    void message_takenAndNotHeardOf_comesAgainAfterItsLease() throws Exception {
        var records = open(Set.of("call.ended"));
        SampleCalls.end(records, 1, START);
        get(records.takeDue(9));
        time.advance(Outbox.LEASE.minusSeconds(1));
        assertEquals(List.of(), get(records.takeDue(9)));
        time.advance(Duration.ofSeconds(1));
        assertEquals(List.of("1/3"), ids(get(records.takeDue(9))));
    }

    @Test
    void message_thatFailed_comesWhenItsNextAttemptIsDueAndKnowsHowManyFailed() throws Exception {
        var records = open(Set.of("call.ended"));
        SampleCalls.end(records, 1, START);
        get(records.failed(only(get(records.takeDue(9))), clock.instant().plusSeconds(5)));
        assertEquals(List.of(), get(records.takeDue(9)));
        time.advance(Duration.ofSeconds(5));
        assertEquals(1, only(get(records.takeDue(9))).attempts());
    }

    @Test
    void message_givenUp_letsTheNextOfItsCallGoAndCanBeSentAgain() throws Exception {
        var records = open(ALL);
        SampleCalls.begin(records, 1, START);
        var first = only(get(records.takeDue(9)));
        get(records.gaveUp(first));
        assertEquals(List.of("1/1"), ids(get(records.givenUp(9))));
        assertEquals(List.of("1/2"), ids(get(records.takeDue(9))));
        assertEquals(new Counts(1, 1), records.counts());
        assertTrue(get(records.resend(first.id())));
        assertFalse(get(records.resend(first.id())));
        assertEquals(List.of("1/1", "1/2"), ids(get(records.waiting(9))));
        assertEquals(new Counts(2, 0), records.counts());
    }

    @Test
    void message_arrived_isTold() throws Exception {
        var records = open(ALL);
        var told = new Semaphore(0);
        records.onArrival(told::release);
        SampleCalls.begin(records, 1, START);
        assertTrue(told.tryAcquire(10, TimeUnit.SECONDS));
    }

    @Test
    void messages_afterAStart_areThereAndAtOnce() throws Exception {
        var first = open(ALL);
        SampleCalls.begin(first, 1, START);
        get(first.takeDue(9));
        first.close();
        assertEquals(List.of("1/1"), ids(get(open(ALL).takeDue(9))));
    }

    @Test
    void expiry_ofWhatIsTooOld_leavesTheRest() throws Exception {
        var records = open(Set.of("call.ended"));
        SampleCalls.end(records, 1, START);
        get(records.gaveUp(only(get(records.takeDue(9)))));
        SampleCalls.end(records, 2, START);
        get(records.takeDue(9));
        time.advance(KEEP.plusSeconds(1));
        SampleCalls.end(records, 3, START.plus(KEEP));
        records.expire();
        assertEquals(List.of(), get(records.givenUp(9)));
        assertEquals(List.of("3/3"), ids(get(records.waiting(9))));
        time.advance(Duration.ofMinutes(1));
        records.expire();
        assertEquals(List.of(SampleCalls.record(3, START.plus(KEEP))), get(records.newest(9)));
    }

    @Test
    void folder_ofAnotherServer_isTakenOnceThatEnds() throws Exception {
        var first = open(ALL);
        var second = open(ALL);
        assertTrue(first.isWritable());
        assertFalse(second.isWritable());
        assertThrows(ExecutionException.class, () -> get(second.newest(1)));
        SampleCalls.end(second, 1, START);
        first.close();
        var found = List.<String>of();
        for (int i = 0; i < 100 && found.isEmpty(); i++) {
            found = ids(second.waiting(9).exceptionally(away -> List.of()).get(10, TimeUnit.SECONDS));
        }
        assertEquals(List.of("1/3"), found);
        assertTrue(second.isWritable());
    }

    @Test
    void folder_thatIsAFile_isTriedAgainAndKeepsNobody() throws Exception {
        Files.writeString(folder.resolve("records"), "");
        var records = open(ALL);
        SampleCalls.end(records, 1, START);
        assertFalse(records.isWritable());
        Files.delete(folder.resolve("records"));
        var found = List.<String>of();
        for (int i = 0; i < 100 && found.isEmpty(); i++) {
            found = ids(records.waiting(9).exceptionally(away -> List.of()).get(10, TimeUnit.SECONDS));
        }
        assertEquals(List.of("1/3"), found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "zeros", "cut", "flipped"})
    void file_damaged_isKeptAsideAndRecordsGoOn(String damage) throws Exception {
        var first = open(ALL);
        for (int n = 1; n <= 200; n++) {
            SampleCalls.begin(first, n, START);
            SampleCalls.end(first, n, START);
        }
        get(first.newest(1));
        first.close();
        var file = folder.resolve("records").resolve(RecordFile.NAME);
        Files.write(file, damaged(Files.readAllBytes(file), damage));
        var second = open(ALL);
        SampleCalls.end(second, 500, START);
        var found = List.<String>of();
        for (int i = 0; i < 100 && found.isEmpty(); i++) {
            found = ids(second.waiting(1000).exceptionally(away -> List.of()).get(10, TimeUnit.SECONDS));
        }
        assertTrue(found.contains("1f4/3"), found::toString);
        assertTrue(second.isWritable());
        try (var files = Files.list(file.getParent())) {
            var names = files.map(path -> path.getFileName().toString()).toList();
            assertTrue(
                    names.stream().anyMatch(name -> name.startsWith(RecordFile.NAME + ".damaged-20261129-")),
                    names::toString);
        }
    }

    private static byte[] damaged(byte[] bytes, String damage) throws IOException {
        return switch (damage) {
            case "nonsense" -> "This is no file of records. ".repeat(1000).getBytes(UTF_8);
            case "zeros" -> new byte[bytes.length];
            case "cut" -> Arrays.copyOf(bytes, 6000);
            default -> {
                var random = new Random(1);
                for (int i = 0; i < bytes.length / 50; i++) {
                    bytes[random.nextInt(bytes.length)] ^= 0x55;
                }
                yield bytes;
            }
        };
    }
}
