package alirtc.appserver.sandbox;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.time.InstantSource;

/** Serves the calls of one connection, one after the other, until either side ends it. */
final class Connection {
    private final Gateway gateway;
    private final ActiveFaults faults;
    private final CallLog log;
    private final InstantSource clock;

    Connection(Gateway gateway, ActiveFaults faults, CallLog log, InstantSource clock) {
        this.gateway = gateway;
        this.faults = faults;
        this.log = log;
        this.clock = clock;
    }

    /** Serves the socket and leaves closing it to the caller. */
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

    /** Answers one call, and says whether the connection goes on. */
    private boolean answer(HttpRequest request, ReplyWriter writer) throws IOException, InterruptedException {
        var action = request.parameter("Action");
        log.add(new RecordedCall(action, request.parameter("ChannelId"), request.parameter("UserId"), clock.instant()));
        var active = faults.settle(action);
        if (active.fault().kind() == FaultKind.REFUSE) {
            return false;
        }
        writer.write(gateway.answer(request, active.fault()), request.keepAlive(), active);
        return request.keepAlive();
    }
}
