package alirtc.appserver.sandbox;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Serves the requests of one connection, one after the other, until either side closes it. */
final class Connection {
    private final Gateway gateway;
    private final ActiveFaults faults;
    private final RequestHistory history;
    private final Consumer<RecordedRequest> listener;
    private final InstantSource clock;

    /**
     * Serves connections.
     *
     * @param listener hears of each request before it is answered
     */
    Connection(
            Gateway gateway,
            ActiveFaults faults,
            RequestHistory history,
            Consumer<RecordedRequest> listener,
            InstantSource clock) {
        this.gateway = gateway;
        this.faults = faults;
        this.history = history;
        this.listener = listener;
        this.clock = clock;
    }

    /** Serves the socket; the caller closes it. */
    void serve(Socket socket) throws IOException, InterruptedException {
        socket.setTcpNoDelay(true);
        var reader = new RequestReader(socket.getInputStream());
        var writer = new ReplyWriter(socket, faults);
        try {
            var request = reader.next();
            while (request.isPresent() && answer(request.get(), writer) && !socket.isClosed()) {
                request = reader.next();
            }
        } catch (ProtocolException e) {
            var reply = Reply.text(400, "text/plain", "The sandbox cannot read this request: " + e.getMessage() + "\n");
            writer.write(reply, false, new ActiveFaults.Active(Fault.NONE, 0));
        }
    }

    /** Answers one request and returns whether the connection stays open. */
    private boolean answer(HttpRequest request, ReplyWriter writer) throws IOException, InterruptedException {
        var action = request.parameter("Action");
        var recorded = new RecordedRequest(
                action, request.parameter("ChannelId"), request.parameter("UserId"), clock.instant());
        history.add(recorded);
        listener.accept(recorded);
        var active = faults.settle(action);
        if (active.fault().kind() == FaultKind.REFUSE) {
            return false;
        }
        writer.write(gateway.answer(request, active.fault()), request.keepAlive(), active);
        return request.keepAlive();
    }
}
