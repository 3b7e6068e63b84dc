package alirtc.appserver.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishes a JWKS over HTTP on this machine, or fails to in one of many ways. */
public final class KeyServer implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile String keys;
    private volatile String behaviour = "good";

    private KeyServer(String keys) throws IOException {
        this.keys = keys;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public static KeyServer start(String keys) {
        try {
            return new KeyServer(keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys.json");
    }

    /** Publishes other keys. */
    public void publish(String others) {
        keys = others;
    }

    /** Behaves otherwise from now on; {@code good} is how it began. */
    public void behave(String how) {
        behaviour = how;
    }

    /** Returns how often it was asked for anything. */
    public int asked() {
        return asked.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        switch (behaviour) {
            case "good" -> send(exchange, 200, keys);
            case "hang" -> pause(60_000);
            case "html" -> send(exchange, 200, "<html><body>Sign in</body></html>");
            case "500" -> send(exchange, 500, keys);
            case "404" -> send(exchange, 404, keys);
            case "201" -> send(exchange, 201, keys);
            case "redirect" -> {
                var here = exchange.getRequestURI().equals(URI.create(address().getPath()));
                exchange.getResponseHeaders().add("Location", "/elsewhere");
                send(exchange, here ? 302 : 200, keys);
            }
            case "truncated" -> send(exchange, 200, keys.substring(0, keys.length() / 2));
            case "empty body" -> send(exchange, 200, "");
            case "no keys" -> send(exchange, 200, Jwts.jwks());
            case "keys no list" -> send(exchange, 200, "{\"keys\":{}}");
            case "list" -> send(exchange, 200, "[" + keys + "]");
            case "huge" -> send(exchange, 200, keys + " ".repeat(1 << 20));
            case "drip" -> drip(exchange);
            case "cut" -> {
                exchange.sendResponseHeaders(200, keys.length() + 100L);
                exchange.getResponseBody().write(keys.getBytes(UTF_8));
                exchange.getResponseBody().flush();
                exchange.close();
            }
            default -> throw new IllegalStateException(behaviour);
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            var bytes = text.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** Sends blanks, one at a time, for ever. */
    private void drip(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            do {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
            } while (!pause(20));
        }
    }

    /** Returns whether the server was closed meanwhile. */
    private boolean pause(long millis) throws IOException {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdown();
    }
}
