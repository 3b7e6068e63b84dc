package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A receiver of webhooks on a loopback port, as an operator's backend is one: it verifies them, keeps the newest, and can be
 * made to fail. Thread-safe.
 */
public final class WebhookReceiver implements AutoCloseable {
    private static final int KEPT = 100;
    private static final int TAKEN = 204;
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final String SECRET = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";

    private final String secret;
    private final InstantSource clock;
    private final ExecutorService threads;
    private final HttpServer server;

    /** The newest first. Guarded by itself. */
    private final Deque<ReceivedWebhook> received = new ArrayDeque<>();

    private volatile WebhookFault fault = WebhookFault.NONE;
    private volatile CountDownLatch release = new CountDownLatch(1);

    private WebhookReceiver(String secret, InstantSource clock) throws IOException {
        this.secret = secret;
        this.clock = clock;
        this.threads = Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "sandbox-webhooks");
            thread.setDaemon(true);
            return thread;
        });
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    /**
     * Starts a receiver on a free port.
     *
     * @param secret by which messages have to be signed, {@code whsec_} and a key in base64
     */
    public static WebhookReceiver start(String secret, InstantSource clock) {
        try {
            return new WebhookReceiver(secret, clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns where it takes messages. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/webhooks");
    }

    /** Returns what came, the newest first. */
    public List<ReceivedWebhook> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** Forgets what came. */
    void clear() {
        synchronized (received) {
            received.clear();
        }
    }

    WebhookFault fault() {
        return fault;
    }

    /** Has it fail from now on, or not any more. */
    public void set(WebhookFault other) {
        var held = release;
        release = new CountDownLatch(1);
        fault = other;
        held.countDown();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            var now = fault;
            int status = now.isNone() ? isSigned(exchange, body) ? TAKEN : 401 : now.status();
            var id = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("webhook-id"), "");
            keep(new ReceivedWebhook(clock.instant(), id, isSigned(exchange, body), status, body));
            if (now.hangs()) {
                release.await();
                return;
            }
            if (now.retryAfter() > 0) {
                exchange.getResponseHeaders().set("Retry-After", Integer.toString(now.retryAfter()));
            }
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep(ReceivedWebhook webhook) {
        synchronized (received) {
            received.addFirst(webhook);
            if (received.size() > KEPT) {
                received.removeLast();
            }
        }
    }

    /** Returns whether a message is signed by the secret, and not long ago. */
    private boolean isSigned(HttpExchange exchange, String body) {
        var headers = exchange.getRequestHeaders();
        var id = headers.getFirst("webhook-id");
        var timestamp = headers.getFirst("webhook-timestamp");
        var signatures = headers.getFirst("webhook-signature");
        if (id == null || timestamp == null || signatures == null || !timestamp.matches("[0-9]{1,12}")) {
            return false;
        }
        var age = Duration.ofSeconds(clock.instant().getEpochSecond() - Long.parseLong(timestamp));
        var expected = ("v1," + signature(id + "." + timestamp + "." + body)).getBytes(UTF_8);
        return age.abs().compareTo(TOLERANCE) <= 0
                && Stream.of(signatures.split(" "))
                        .anyMatch(one -> MessageDigest.isEqual(expected, one.getBytes(UTF_8)));
    }

    private String signature(String content) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(SECRET.length())), ALGORITHM));
            return Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends all threads and connections at once. */
    @Override
    public void close() {
        set(WebhookFault.NONE);
        server.stop(0);
        threads.shutdownNow();
    }
}
