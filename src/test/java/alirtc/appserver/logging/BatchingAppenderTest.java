package alirtc.appserver.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class BatchingAppenderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PrintStream before = System.out;
    private final BatchingAppender appender = new BatchingAppender();
    private LoggerContext context = new LoggerContext();

    @AfterEach
    void restore() {
        System.setOut(before);
        context.stop();
    }

    /** Returns a logger all whose lines go to the stream. */
    private Logger loggerTo(OutputStream out) {
        System.setOut(new PrintStream(out, true, UTF_8));
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%level %msg %kvp{NONE}%n%rootException");
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        var logger = context.getLogger("test");
        logger.addAppender(appender);
        return logger;
    }

    /** What reads the output, which does not until it is told. */
    private static final class StalledReader extends OutputStream {
        private final CountDownLatch stalled = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            stalled.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            read.write(bytes, from, length);
        }

        List<String> lines() {
            return read.toString(UTF_8).lines().toList();
        }
    }

    @Test
    void stop_linesWaiting_writesThemInTheirOrder() {
        var out = new ByteArrayOutputStream();
        var logger = loggerTo(out);
        IntStream.range(0, 1000).forEach(i -> logger.info("line {}", i));
        logger.error("failed", new IllegalStateException("why"));
        context.stop();
        var lines = out.toString(UTF_8).lines().toList();
        assertEquals("INFO line 0 ", lines.get(0));
        assertEquals("INFO line 999 ", lines.get(999));
        assertEquals("ERROR failed ", lines.get(1000));
        assertEquals("java.lang.IllegalStateException: why", lines.get(1001));
    }

    @Test
    void append_readerStalls_waitsForNobodyAndTellsWhatWasLost() {
        var reader = new StalledReader();
        var logger = loggerTo(reader);
        var text = "x".repeat(1000);
        int most = BatchingAppender.MAX_WAITING_BYTES
                        / "INFO %s %n".formatted(text).length()
                + 1;
        assertTimeoutPreemptively(PATIENCE, () -> {
            logger.info("first");
            reader.stalled.await();
            IntStream.range(0, most + 123).forEach(i -> logger.info(text));
            reader.goOn.countDown();
            context.stop();
        });
        var lines = reader.lines();
        assertEquals("INFO first ", lines.get(0));
        assertEquals(1 + most + 1, lines.size());
        assertTrue(lines.get(1 + most).startsWith("WARN 123 lines of the log are lost"), lines.get(1 + most));
        assertEquals(123, appender.lostLines());
    }

    @Test
    void append_noThreadToBeHad_costsTheCallerNothingAndNoLine() {
        var out = new ByteArrayOutputStream();
        context = new LoggerContext() {
            private final AtomicInteger missing = new AtomicInteger(2);

            @Override
            public synchronized ScheduledExecutorService getScheduledExecutorService() {
                if (missing.getAndDecrement() > 0) {
                    // In place of the OutOfMemoryError of a system that gives no thread, which ends a run of tests.
                    throw new InternalError("as a test wants it");
                }
                return super.getScheduledExecutorService();
            }
        };
        var logger = loggerTo(out);
        logger.info("one");
        logger.info("two");
        logger.info("three");
        context.stop();
        assertEquals(
                List.of("INFO one ", "INFO two ", "INFO three "),
                out.toString(UTF_8).lines().toList());
    }

    @Test
    void stop_readerStalled_endsAllTheSame() {
        var reader = new StalledReader();
        var logger = loggerTo(reader);
        assertTimeoutPreemptively(PATIENCE, () -> {
            logger.info("first");
            reader.stalled.await();
            context.stop();
        });
        reader.goOn.countDown();
    }
}
