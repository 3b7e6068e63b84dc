package alirtc.appserver.openapi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/** An upstream on a loopback port that answers whatever it is asked with one and the same answer. Thread-safe. */
final class CannedUpstream {
    /** Where it stands in an answer, the caller's query takes its place. */
    private static final String QUERY = "@QUERY@";

    private final ServerSocket socket;
    private volatile int status = 200;
    private volatile String body = "{}";

    CannedUpstream() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** Sets the answer; each character of its body is a byte. */
    void answer(int status, String body) {
        this.status = status;
        this.body = body;
    }

    private static void start(Runnable work) {
        var thread = new Thread(work, "canned-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                var connection = socket.accept();
                start(() -> serve(connection));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            var in = new BufferedInputStream(connection.getInputStream());
            var out = connection.getOutputStream();
            for (var head = head(in); !head.isEmpty(); head = head(in)) {
                var query = head.substring(head.indexOf('?') + 1, head.indexOf(" HTTP/"));
                var text = body.replace(QUERY, query);
                out.write(("HTTP/1.1 " + status + " \r\nContent-Type: application/json\r\nContent-Length: "
                                + text.length() + "\r\n\r\n" + text)
                        .getBytes(ISO_8859_1));
            }
        } catch (IOException e) {
            // The caller has gone, as it may.
        }
    }

    /** Returns the head of the next request, which has no body; empty at the end. */
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            if (next == '\n'
                    && head.length() >= 4
                    && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }
}
