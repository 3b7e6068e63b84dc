package alirtc.appserver.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to the standard output in batches, a line {@value #LATE_MILLIS} ms late at the most. Who logs a line waits
 * for nobody. If whatever reads the output stalls, {@value #MAX_WAITING_BYTES} bytes wait; further lines are lost, and a
 * line tells how many once it flows again. Thread-safe.
 *
 * <p>Logback's {@code AsyncAppender} costs 4 to 6 µs more of processor time a line, where this costs 2 to 3: its thread
 * is woken up for a line, encodes it and writes it by itself. Measured on two threads that log a line every 20 or 40 µs.
 */
public final class BatchingAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    static final int MAX_WAITING_BYTES = 4 * 1024 * 1024;

    private static final long LATE_MILLIS = 2;
    private static final long STOP_WITHIN_MILLIS = 1_000;

    private final ConcurrentLinkedQueue<byte[]> waiting = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
    private final AtomicInteger waitingBytes = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final LongAdder lostInAll = new LongAdder();
    private final AtomicBoolean writingSoon = new AtomicBoolean();
    private volatile @Nullable Encoder<ILoggingEvent> encoder;

    /** Sets what makes lines of events. */
    public void setEncoder(Encoder<ILoggingEvent> encoder) {
        this.encoder = encoder;
    }

    @Override
    public void start() {
        Objects.requireNonNull(encoder, "an encoder must be set");
        super.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (waitingBytes.get() >= MAX_WAITING_BYTES) {
            lost.incrementAndGet();
            lostInAll.increment();
            return;
        }
        // Encoded here, where the event is still in the processor's cache: the other thread takes far longer.
        var line = encode(event);
        waitingBytes.addAndGet(line.length);
        waiting.add(line);
        // Only the first of a batch wakes somebody up, which with each request took longer than the request.
        if (!writingSoon.get() && writingSoon.compareAndSet(false, true)) {
            writeSoon();
        }
    }

    private void writeSoon() {
        try {
            // Nobody waits for the batch; stop() writes what is left.
            var unused = getContext()
                    .getScheduledExecutorService()
                    .schedule(this::write, LATE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException | Error e) {
            // The system gives no thread, or the log is being ended. Who logs a line has no part in that: the next
            // tries.
            writingSoon.set(false);
        }
    }

    /** Returns how many lines were lost since the start, since whatever reads the output was too slow. */
    long lostLines() {
        return lostInAll.sum();
    }

    private byte[] encode(ILoggingEvent event) {
        return Objects.requireNonNull(encoder).encode(event);
    }

    /** Writes what waits, at once. */
    private synchronized void write() {
        // First: whoever adds a line from now on has it written by another batch.
        writingSoon.set(false);
        for (var line = waiting.poll(); line != null; line = waiting.poll()) {
            waitingBytes.addAndGet(-line.length);
            batch.writeBytes(line);
        }
        int missing = lost.getAndSet(0);
        if (missing > 0) {
            batch.writeBytes(encode(warning(missing)));
        }
        if (batch.size() > 0) {
            System.out.write(batch.toByteArray(), 0, batch.size());
            System.out.flush();
            batch.reset();
        }
    }

    private LoggingEvent warning(int count) {
        var logger = ((LoggerContext) getContext()).getLogger(BatchingAppender.class);
        var message = "{} lines of the log are lost: whatever reads it was too slow";
        return new LoggingEvent(
                BatchingAppender.class.getName(), logger, Level.WARN, message, null, new Object[] {count});
    }

    /** Writes what waits, but waits itself for a second at most: whatever reads the output may have stalled for good. */
    @Override
    public void stop() {
        super.stop();
        var last = getContext().getScheduledExecutorService().submit(this::write);
        try {
            last.get(STOP_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            addWarn("The last lines could not be written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
