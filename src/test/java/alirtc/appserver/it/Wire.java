package alirtc.appserver.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.description.ApiDescription;
import alirtc.appserver.description.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Talks to a server on this machine over bare sockets, so that what no HTTP client would send can be sent. */
final class Wire {
    /** Longer than any phone waits. */
    private static final int TIMEOUT_MILLIS = 20_000;

    private final int port;

    Wire(int port) {
        this.port = port;
    }

    /** Asks for what is at a path and query. */
    Answer get(String target) {
        return send("GET", target);
    }

    /** Asks in a thread of its own. */
    CompletableFuture<Answer> getLater(String target) {
        return CompletableFuture.supplyAsync(() -> get(target), task -> new Thread(task, "wire").start());
    }

    /** Sends a request without a body. */
    Answer send(String method, String target) {
        return send(method, target, "");
    }

    /** Sends a request with a form for its body, if that is not empty. */
    Answer send(String method, String target, String form) {
        var body = form.isEmpty()
                ? "\r\n"
                : "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + form.length() + "\r\n\r\n"
                        + form;
        return exchange(head(method, target) + body);
    }

    private static String head(String method, String target) {
        return method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
    }

    /** Sends a request to what the description of the API says nothing of: the sandbox, or a container without the server. */
    Answer sendUndescribed(String method, String target) {
        return read(head(method, target) + "\r\n");
    }

    /** Sends the text in UTF-8 as it is, and reads to the end of the connection: an answer as the API is described. */
    Answer exchange(String request) {
        var answer = read(request);
        var start = request.substring(0, request.indexOf(" HTTP/1.1\r\n"));
        int space = start.indexOf(' ');
        ApiDescription.OURS.check(new Exchange(
                start.substring(0, space),
                start.substring(space + 1 + Server.CONTEXT.length()),
                answer.status(),
                answer.headers(),
                answer.body()));
        return answer;
    }

    private Answer read(String request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return parsed(new String(socket.getInputStream().readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer parsed(String text) throws IOException {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0 || !text.startsWith("HTTP/1.1 ")) {
            throw new IOException("Not an answer: " + text);
        }
        var lines = text.substring(0, end).split("\r\n", -1);
        Map<String, List<String>> headers = new HashMap<>();
        for (var line : List.of(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(lines[0].substring(9, 12)), headers, text.substring(end + 4));
    }
}
