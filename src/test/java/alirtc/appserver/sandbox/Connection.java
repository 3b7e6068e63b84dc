package alirtc.appserver.sandbox;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.time.InstantSource;

/** Serves the requests of one connection, one after the other, until either side closes it. */
final class Connection {
    private final Gateway gateway;
    private final ActiveFaults faults;
    private final RequestHistory history;
    private final InstantSource clock;

    Connection(Gateway gateway, ActiveFaults faults, RequestHistory history, InstantSource clock) {
        this.gateway = gateway;
        this.faults = faults;
        this.history = history;
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
        history.add(new RecordedRequest(
                action, request.parameter("ChannelId"), request.parameter("UserId"), clock.instant()));
        var active = faults.settle(action);
        if (active.fault().kind() == FaultKind.REFUSE) {
            return false;
        }
        writer.write(gateway.answer(request, active.fault()), request.keepAlive(), active);
        return request.keepAlive();
    }
}
