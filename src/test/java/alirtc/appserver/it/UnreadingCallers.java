package alirtc.appserver.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Callers that send request after request and read no answer; one that is cut off comes again, if it can. One thread is
 * all of them.
 */
public final class UnreadingCallers implements AutoCloseable {
    /** The least that the system allows: it is full after a few answers. */
    private static final int RECEIVE_BUFFER = 2_304;

    private static final Duration STALLS_WITHIN = Duration.ofSeconds(10);
    private static final long STALL_MILLIS = 500;

    /** What is less than such a part of the most is hardly any. */
    private static final long HARDLY_ANY = 20;

    /** So many requests are written at a time. */
    private static final int BATCH = 50;

    private static final Logger LOG = LoggerFactory.getLogger(UnreadingCallers.class);

    private final InetSocketAddress address;
    private final LongFunction<String> targets;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final Selector selector;
    private volatile boolean closed;
    private final Thread thread = new Thread(this::run, "unreading-callers");

    private UnreadingCallers(int port, LongFunction<String> targets) throws IOException {
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.targets = targets;
        this.selector = Selector.open();
    }

    /**
     * Starts the callers.
     *
     * @param targets returns the path and query of the request with a number
     */
    public static UnreadingCallers start(int port, int count, LongFunction<String> targets) throws IOException {
        var callers = new UnreadingCallers(port, targets);
        for (int i = 0; i < count; i++) {
            callers.connect();
        }
        callers.thread.setDaemon(true);
        callers.thread.start();
        return callers;
    }

    /** Waits until the server takes hardly any requests more, since it waits for the callers; not for ever. */
    void awaitStall() throws InterruptedException {
        long end = System.nanoTime() + STALLS_WITHIN.toNanos();
        long most = 0;
        long taken;
        do {
            long before = written.get();
            // So long because the callers alone know when they are served, by the time that passes without it.
            TimeUnit.MILLISECONDS.sleep(STALL_MILLIS);
            taken = written.get() - before;
            most = Math.max(most, taken);
            // Callers who were cut off come again, and send a little.
        } while (taken > most / HARDLY_ANY && System.nanoTime() < end);
    }

    private void connect() throws IOException {
        var channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
        channel.connect(address);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_WRITE, batch());
    }

    private void comeAgain() {
        try {
            connect();
        } catch (IOException e) {
            LOG.debug("The server takes a caller no more", e);
        }
    }

    private ByteBuffer batch() {
        var requests = new StringBuilder();
        for (int i = 0; i < BATCH; i++) {
            requests.append("GET ")
                    .append(targets.apply(asked.getAndIncrement()))
                    .append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        }
        return ByteBuffer.wrap(requests.toString().getBytes(US_ASCII));
    }

    private void run() {
        try {
            while (!closed) {
                selector.select();
                for (var key : selector.selectedKeys()) {
                    write(key);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            selector.keys().forEach(UnreadingCallers::hangUp);
        }
    }

    private static void hangUp(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(SelectionKey key) throws IOException {
        var channel = (SocketChannel) key.channel();
        var requests = (ByteBuffer) key.attachment();
        try {
            written.addAndGet(channel.write(requests));
            if (!requests.hasRemaining()) {
                key.attach(batch());
            }
        } catch (IOException e) {
            channel.close();
            comeAgain();
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
