package alirtc.appserver.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Secret;
import alirtc.appserver.config.WebhooksConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.records.FileRecords;
import alirtc.appserver.records.SampleCalls;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.webhooks.TestReceiver.Answer;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookSenderTest {
    private static final Set<String> ALL = Set.copyOf(WebhooksConfig.TYPES);

    /** One that the receiver does not know yet, or not any more. */
    private static final Secret OTHER = new Secret("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz");

    @TempDir
    private Path folder;

    /** By how much the clock is ahead of the machine's. */
    private volatile Duration passed = Duration.ZERO;

    private final InstantSource wall = () -> InstantSource.system().instant().plus(passed);
    private final SteadyClock clock = new SteadyClock(wall, () -> System.nanoTime() + passed.toNanos());
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final TestReceiver receiver = TestReceiver.start();
    private final List<FileRecords> opened = new ArrayList<>();

    private FileRecords records() {
        var records = new FileRecords(folder, Duration.ofDays(90), ALL, clock, Thread::new, new Metrics().records());
        opened.add(records);
        return records;
    }

    private WebhookSender sender(FileRecords records, URI url) {
        var config =
                new WebhooksConfig(url, List.of(new Secret(TestReceiver.SECRET), OTHER), ALL, Duration.ofMinutes(1));
        var sender = new WebhookSender(
                config, records, clock, executor, new Timers(scheduler), () -> 0, new Metrics().webhooks());
        sender.start();
        return sender;
    }

    private static String id(int call, int seq) {
        return "msg_" + SampleCalls.id(call) + "_" + seq;
    }

    @AfterEach
    void close() {
        scheduler.shutdownNow();
        opened.forEach(FileRecords::close);
        receiver.close();
        executor.shutdownNow();
    }

    @Test
    void messages_ofACall_arriveInTheirOrderAndVerify() throws Exception {
        var records = records();
        var sender = sender(records, receiver.uri());
        SampleCalls.begin(records, 1, clock.instant());
        SampleCalls.end(records, 1, clock.instant());
        var types = new ArrayList<String>();
        for (int seq = 1; seq <= 3; seq++) {
            var message = receiver.next();
            assertTrue(message.verified(), message::toString);
            assertEquals("application/json; charset=utf-8", message.contentType());
            assertEquals(id(1, seq), message.id());
            types.add(new ObjectMapper().readTree(message.body()).path("type").asText());
        }
        assertEquals(List.of("call.started", "call.user_joined", "call.ended"), types);
        awaitNoneWaiting(records);
        assertEquals("delivering", sender.word());
    }

    @Test
    void messages_ofManyCalls_arriveOnceEachSoonAndInOrder() throws Exception {
        var records = records();
        sender(records, receiver.uri());
        int calls = 300;
        for (int n = 1; n <= calls; n++) {
            SampleCalls.begin(records, n, clock.instant());
            SampleCalls.end(records, n, clock.instant());
        }
        var last = new HashMap<String, Integer>();
        for (var id : receiver.nextIds(3 * calls)) {
            var parts = id.split("_", -1);
            int seq = Integer.parseInt(parts[2]);
            assertEquals(last.getOrDefault(parts[1], 0) + 1, seq, id);
            last.put(parts[1], seq);
        }
        awaitNoneWaiting(records);
        assertEquals(0, receiver.left());
    }

    private static void awaitNoneWaiting(FileRecords records) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!records.waiting(1).get(10, TimeUnit.SECONDS).isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(List.of(), records.waiting(1).get(10, TimeUnit.SECONDS));
    }

    @Test
    void message_refused_comesAgainUnderTheSameIdBeforeTheNextOfItsCall() throws Exception {
        receiver.answer(500);
        var records = records();
        var sender = sender(records, receiver.uri());
        SampleCalls.begin(records, 1, clock.instant());
        assertEquals(id(1, 1), receiver.next().id());
        awaitAttempts(records, 1);
        assertEquals("failing", sender.word());
        receiver.answer(200);
        passed = Duration.ofSeconds(5);
        assertEquals(List.of(id(1, 1), id(1, 2)), receiver.nextIds(2));
    }

    private static void awaitAttempts(FileRecords records, int failed) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (records.waiting(1).get(10, TimeUnit.SECONDS).get(0).attempts() < failed
                && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(failed, records.waiting(1).get(10, TimeUnit.SECONDS).get(0).attempts());
    }

    @Test
    void receiver_thatAsksForTime_getsIt() throws Exception {
        receiver.answer(message -> new Answer(429, Map.of("Retry-After", "60"), ""));
        var records = records();
        sender(records, receiver.uri());
        SampleCalls.begin(records, 1, clock.instant());
        receiver.next();
        awaitAttempts(records, 1);
        passed = Duration.ofSeconds(55);
        assertEquals(List.of(), records.takeDue(1).get(10, TimeUnit.SECONDS));
        passed = Duration.ofSeconds(61);
        receiver.next();
    }

    @Test
    void receiver_thatRedirects_isNotFollowed() throws Exception {
        var other = TestReceiver.start();
        try {
            receiver.answer(
                    message -> new Answer(307, Map.of("Location", other.uri().toString()), ""));
            var records = records();
            sender(records, receiver.uri());
            SampleCalls.begin(records, 1, clock.instant());
            receiver.next();
            awaitAttempts(records, 1);
            assertEquals(0, other.left());
        } finally {
            other.close();
        }
    }

    @Test
    void receiver_thatIsGone_getsNoMoreUntilTheNextStart() throws Exception {
        receiver.answer(410);
        var records = records();
        var sender = sender(records, receiver.uri());
        SampleCalls.begin(records, 1, clock.instant());
        receiver.next();
        awaitAttempts(records, 1);
        assertEquals("gone", sender.word());
        receiver.answer(200);
        passed = Duration.ofMinutes(10);
        SampleCalls.begin(records, 2, clock.instant());
        assertEquals(2, records.takeDue(9).get(10, TimeUnit.SECONDS).size());
        assertEquals(0, receiver.left());
        records.close();
        sender(records(), receiver.uri());
        assertEquals(4, Set.copyOf(receiver.nextIds(4)).size());
    }

    @Test
    void receiver_thatNeverTakesAnything_isGivenUpAfterTenAttemptsAndCanBeAskedAgain() throws Exception {
        receiver.answer(500);
        var records = records();
        sender(records, receiver.uri());
        SampleCalls.end(records, 1, clock.instant());
        for (int attempt = 1; attempt <= 10; attempt++) {
            assertEquals(id(1, 3), receiver.next().id());
            if (attempt < 10) {
                awaitAttempts(records, attempt);
                passed = passed.plus(Duration.ofHours(attempt < 5 ? 2 : attempt < 8 ? 14 : 24));
            }
        }
        awaitNoneWaiting(records);
        assertEquals(
                id(1, 3), records.givenUp(9).get(10, TimeUnit.SECONDS).get(0).id());
        receiver.answer(200);
        assertTrue(records.resend(id(1, 3)).get(10, TimeUnit.SECONDS));
        assertEquals(id(1, 3), receiver.next().id());
    }

    @Test
    void receiver_thatDoesNotAnswer_holdsUpNobodyAndNoMoreThanSoMany() throws Exception {
        var held = new CountDownLatch(1);
        var most = new AtomicInteger();
        var now = new AtomicInteger();
        var arrived = new Semaphore(0);
        receiver.answer(message -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            arrived.release();
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            now.decrementAndGet();
            return new Answer(200, Map.of(), "");
        });
        var records = records();
        sender(records, receiver.uri());
        for (int n = 1; n <= 100; n++) {
            SampleCalls.begin(records, n, clock.instant());
        }
        assertTrue(arrived.tryAcquire(WebhookSender.MAX_IN_FLIGHT, 10, TimeUnit.SECONDS));
        // The records are written meanwhile.
        assertEquals(200, records.waiting(1000).get(10, TimeUnit.SECONDS).size());
        assertEquals(WebhookSender.MAX_IN_FLIGHT, most.get());
        held.countDown();
        var ids = new HashSet<>(receiver.nextIds(200));
        assertEquals(200, ids.size());
        assertTrue(most.get() <= WebhookSender.MAX_IN_FLIGHT, () -> most + " at a time");
    }

    @Test
    void receiver_thatAnswersWithoutEnd_isCut() throws Exception {
        receiver.answer(message -> new Answer(200, Map.of(), "x".repeat(1_000_000)));
        var records = records();
        sender(records, receiver.uri());
        SampleCalls.begin(records, 1, clock.instant());
        assertEquals(List.of(id(1, 1), id(1, 2)), receiver.nextIds(2));
        awaitNoneWaiting(records);
    }

    @Test
    void receiver_thatIsNotThere_isTriedAgain() throws Exception {
        var records = records();
        var address = receiver.uri();
        receiver.close();
        var sender = sender(records, address);
        SampleCalls.begin(records, 1, clock.instant());
        awaitAttempts(records, 1);
        assertEquals("failing", sender.word());
        assertFalse(records.waiting(9).get(10, TimeUnit.SECONDS).isEmpty());
    }
}
