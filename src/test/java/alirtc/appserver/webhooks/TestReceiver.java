package alirtc.appserver.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A receiver that verifies webhooks by the library of the specification's authors, and answers as a test says. */
final class TestReceiver implements AutoCloseable {
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile Function<Got, Answer> answers = message -> new Answer(204, Map.of(), "");

    /**
     * A message as it came.
     *
     * @param id of the message
     * @param verified whether the library takes it
     */
    record Got(String id, boolean verified, String contentType, String body) {}

    /** What is answered. */
    record Answer(int status, Map<String, String> headers, String body) {}

    private TestReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    static TestReceiver start() {
        try {
            return new TestReceiver();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/calls?x=1");
    }

    void answer(int status) {
        answer(message -> new Answer(status, Map.of(), ""));
    }

    void answer(Function<Got, Answer> by) {
        answers = by;
    }

    Got next() throws InterruptedException {
        var message = got.poll(10, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came");
        }
        return message;
    }

    List<String> nextIds(int n) throws InterruptedException {
        var ids = new ArrayList<String>();
        for (int i = 0; i < n; i++) {
            ids.add(next().id());
        }
        return ids;
    }

    int left() {
        return got.size();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            var headers = exchange.getRequestHeaders();
            var message = new Got(
                    headers.getFirst("webhook-id"),
                    verifies(headers, body),
                    headers.getFirst("Content-Type"),
                    body);
            got.add(message);
            var answer = answers.apply(message);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            var bytes = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private static boolean verifies(Map<String, List<String>> headers, String body) {
        try {
            new Webhook(SECRET).verify(body, HttpHeaders.of(headers, (name, value) -> true));
            return true;
        } catch (WebhookVerificationException e) {
            return false;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
