package alirtc.appserver.redis;

import alirtc.appserver.config.RedisConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;

/**
 * One address before Redis servers, as a proxy or a virtual address is. Connections that are open stay with their server;
 * later ones lead to whichever server it leads to then. It can be slow, and swallow answers.
 */
public final class RedisRelay implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean answering = true;
    private final AtomicReference<Runnable> beforeAnswer = new AtomicReference<>(RedisRelay::nothing);

    private static void nothing() {}

    private RedisRelay(ServerSocketFactory sockets, TestRedis target) throws IOException {
        this.target = target.uri().getPort();
        this.server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Starts one that leads to a server. */
    public static RedisRelay to(TestRedis target) throws IOException {
        return new RedisRelay(ServerSocketFactory.getDefault(), target);
    }

    /** Starts one whose sockets, of TLS, say, somebody else makes. */
    static RedisRelay to(TestRedis target, ServerSocketFactory sockets) throws IOException {
        return new RedisRelay(sockets, target);
    }

    /** Leads new connections to another server. */
    public void leadTo(TestRedis other) {
        target = other.uri().getPort();
    }

    /** Lets each command take a time, however many there are. */
    public void delay(Duration time) {
        delay = time;
    }

    /** Passes commands on, and answers or not. */
    public void answer(boolean passed) {
        answering = passed;
    }

    /** Has something done, once, between the time at which a server answers and that at which its answer arrives. */
    public void beforeNextAnswer(Runnable action) {
        beforeAnswer.set(action);
    }

    /** Returns the port on 127.0.0.1. */
    public int port() {
        return server.getLocalPort();
    }

    /** Returns a server's settings with a prefix. */
    public RedisConfig settings(String prefix) {
        return new RedisConfig(URI.create("redis://127.0.0.1:" + port()), Optional.empty(), prefix);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                var redis = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                redis.setTcpNoDelay(true);
                open.add(client);
                open.add(redis);
                start(() -> pass(client, redis, true));
                start(() -> pass(redis, client, false));
            } catch (IOException e) {
                // It is closed, or its server is: whoever came has no connection.
            }
        }
    }

    private void pass(Socket from, Socket to, boolean commands) {
        try (from;
                to) {
            pass(from.getInputStream(), to.getOutputStream(), commands);
        } catch (IOException e) {
            // Either end has closed; so does the other now.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private void pass(InputStream from, OutputStream to, boolean commands) throws IOException {
        var chunk = new byte[CHUNK];
        for (int length = from.read(chunk); length >= 0; length = from.read(chunk)) {
            if (commands) {
                LockSupport.parkNanos(delay.toNanos());
            } else {
                beforeAnswer.getAndSet(RedisRelay::nothing).run();
            }
            if (commands || answering) {
                to.write(chunk, 0, length);
                to.flush();
            }
        }
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "redis-relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
