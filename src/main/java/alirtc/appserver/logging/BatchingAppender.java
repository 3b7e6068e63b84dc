package alirtc.appserver.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to the standard output in batches, a line {@value #LATE_MILLIS} ms late at the most. Who logs a line waits
 * for nobody, and only the first of a batch wakes somebody up, which with each request took longer than the request. If
 * whatever reads the output stalls, {@value #MAX_WAITING} lines wait, and further ones are lost.
 */
public final class BatchingAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final int MAX_WAITING = 16_384;
    private static final long LATE_MILLIS = 2;

    private final ConcurrentLinkedQueue<byte[]> waiting = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
    private final AtomicInteger count = new AtomicInteger();
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
        if (count.get() < MAX_WAITING) {
            count.incrementAndGet();
            // Encoded here, where the event is still in the processor's cache: the other thread takes far longer.
            waiting.add(Objects.requireNonNull(encoder).encode(event));
            if (!writingSoon.get() && writingSoon.compareAndSet(false, true)) {
                var unused = getContext()
                        .getScheduledExecutorService()
                        .schedule(this::write, LATE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Writes what waits, at once. */
    private synchronized void write() {
        // First: whoever adds a line from now on has it written by another batch.
        writingSoon.set(false);
        for (var line = waiting.poll(); line != null; line = waiting.poll()) {
            count.decrementAndGet();
            batch.writeBytes(line);
        }
        if (batch.size() > 0) {
            System.out.write(batch.toByteArray(), 0, batch.size());
            System.out.flush();
            batch.reset();
        }
    }

    @Override
    public void stop() {
        write();
        super.stop();
    }
}
