package alirtc.appserver.sandbox;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A loopback port that serves connections or refuses them, each in a thread of its own. Thread-safe. */
final class Listener implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int PATIENCE_SECONDS = 5;

    private final Connection connection;
    private final ThreadFactory daemons;
    private final ExecutorService threads;
    private final InetSocketAddress address;
    private final Set<Socket> open = new HashSet<>();
    /** Holds the port: a listening socket, or a merely bound one while connections are refused. */
    private Closeable port;

    private Thread acceptor;
    private boolean listening = true;
    private boolean closed;

    private Listener(Connection connection, ServerSocket server) {
        this.connection = connection;
        var number = new AtomicInteger();
        daemons = task -> {
            var thread = new Thread(task, "sandbox-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        threads = Executors.newCachedThreadPool(daemons);
        address = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
        port = server;
        acceptor = daemons.newThread(() -> accept(server));
    }

    /** Listens on a free port of 127.0.0.1. */
    static Listener open(Connection connection) throws IOException {
        var anyPort = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        var listener = new Listener(connection, bound(anyPort));
        listener.acceptor.start();
        return listener;
    }

    int port() {
        return address.getPort();
    }

    /** Closes all connections and refuses new ones, yet keeps the port. */
    synchronized void refuse() throws IOException {
        if (closed || !listening) {
            return;
        }
        stop();
        // Bound without listening: the system refuses connections, and gives the port to nobody else.
        var reserved = new Socket();
        port = reserved;
        reserved.setReuseAddress(true);
        reserved.bind(address);
    }

    /** Takes connections again. */
    synchronized void listen() throws IOException {
        if (closed || listening) {
            return;
        }
        port.close();
        var server = bound(address);
        port = server;
        listening = true;
        acceptor = daemons.newThread(() -> accept(server));
        acceptor.start();
    }

    /** Ends all connections and threads before it returns. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            stop();
        } finally {
            threads.shutdownNow();
        }
        try {
            if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("threads of the sandbox did not end");
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Gives up the port and all connections. */
    private void stop() throws IOException {
        listening = false;
        port.close();
        try {
            // The system goes on listening as long as a thread is still inside accept.
            acceptor.join();
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            closeConnections();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while the sandbox's threads were ending");
    }

    private static ServerSocket bound(InetSocketAddress address) throws IOException {
        var server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(address, BACKLOG);
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                synchronized (open) {
                    open.add(socket);
                }
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // Closed, or the client gave up before it was accepted: the loop's condition tells which.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            connection.serve(socket);
        } catch (IOException e) {
            // The client or a fault closed the connection: nobody is left to be told.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (open) {
                open.remove(socket);
            }
        }
    }

    private void closeConnections() throws IOException {
        synchronized (open) {
            for (var socket : open) {
                socket.close();
            }
            open.clear();
        }
    }
}
