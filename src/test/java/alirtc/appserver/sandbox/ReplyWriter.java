package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;

/** Puts replies on the wire of one connection, well or badly as the fault has it. */
final class ReplyWriter {
    /** How long the body is under {@link FaultKind#HUGE}. */
    private static final long HUGE_LENGTH = 64L * 1024 * 1024;

    private static final Duration TRICKLE_PAUSE = Duration.ofSeconds(1);
    private static final int CHUNK = 64 * 1024;

    private final Socket socket;
    private final ActiveFaults faults;

    ReplyWriter(Socket socket, ActiveFaults faults) {
        this.socket = socket;
        this.faults = faults;
    }

    void write(Reply reply, boolean keepAlive, ActiveFaults.Active active) throws IOException, InterruptedException {
        var body = reply.body().getBytes(UTF_8);
        switch (active.fault().kind()) {
            case TRICKLE -> trickle(joined(reply.head(body.length, keepAlive), body), active);
            case RESET -> reset(joined(reply.head(body.length, keepAlive), Arrays.copyOf(body, body.length / 2)));
            case HUGE -> huge(reply, body, keepAlive);
            default -> send(joined(reply.head(body.length, keepAlive), body));
        }
    }

    private void trickle(byte[] bytes, ActiveFaults.Active active) throws IOException, InterruptedException {
        var sent = 0;
        do {
            send(Arrays.copyOfRange(bytes, sent, sent + 1));
            sent++;
        } while (sent < bytes.length && !faults.awaitChange(active, TRICKLE_PAUSE));
        send(Arrays.copyOfRange(bytes, sent, bytes.length));
    }

    private void reset(byte[] start) throws IOException {
        send(start);
        // A close without lingering is what makes the system send RST.
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Sends the reply's JSON object with a first field that fills it up, so that no reader can stop early. */
    private void huge(Reply reply, byte[] object, boolean keepAlive) throws IOException {
        var start = "{\"Padding\":\"".getBytes(UTF_8);
        var end = ("\"," + new String(object, 1, object.length - 1, UTF_8)).getBytes(UTF_8);
        var padding = new byte[CHUNK];
        Arrays.fill(padding, (byte) 'x');
        send(joined(reply.head(HUGE_LENGTH, keepAlive), start));
        for (var left = HUGE_LENGTH - start.length - end.length; left > 0; left -= CHUNK) {
            send(Arrays.copyOf(padding, (int) Math.min(left, CHUNK)));
        }
        send(end);
    }

    private void send(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    private static byte[] joined(byte[] head, byte[] body) {
        var all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }
}
