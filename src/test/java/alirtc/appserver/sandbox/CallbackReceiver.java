package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes the messages that a sandbox posts, and answers as it is told. */
final class CallbackReceiver implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final HttpServer server;
    private volatile int status = 200;

    private CallbackReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.start();
    }

    /** A message as it came. */
    record Message(String method, String path, String contentType, String body) {

        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(body);
        }

        /** Returns the tag of its event with the user, such as {@code Join bob}, or the tag alone. */
        String what() throws IOException {
            var content = json().path("Contents").path(0);
            var event = content.path(content.path("Event").asText());
            return (event.path("EventTag").asText() + " " + event.path("UserId").asText()).strip();
        }
    }

    static CallbackReceiver start() {
        try {
            return new CallbackReceiver();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/events/secret?a=b";
    }

    /** Answers with the status from now on. */
    void answer(int other) {
        status = other;
    }

    Message next() throws InterruptedException {
        var message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came");
        }
        return message;
    }

    /** Waits for so many messages and returns what they tell, in their order. */
    List<String> next(int n) throws InterruptedException, IOException {
        var all = new ArrayList<String>();
        for (int i = 0; i < n; i++) {
            all.add(next().what());
        }
        return all;
    }

    /** Returns how many messages have come and were not asked for. */
    int left() {
        return messages.size();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            messages.add(new Message(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    body));
            exchange.sendResponseHeaders(status, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
