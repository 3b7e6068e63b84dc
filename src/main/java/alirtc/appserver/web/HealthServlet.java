package alirtc.appserver.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * GET /health/live answers that the server runs, and fails once nobody watches over calls any more; GET /health/ready
 * answers whether it can serve tokens, which it does whether or not the upstream answers. Open to all: load balancers
 * prove nothing, and nothing is told here.
 */
public final class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /**
     * What a load balancer, or its operator, is told.
     *
     * @param status {@code live} or {@code ready}
     */
    private record Live(String status) {}

    /**
     * What is told of a server that is ready.
     *
     * @param status {@code ready}
     * @param upstream the state of the circuit breaker: {@code closed} while all is well
     * @param registry {@code reachable}, or {@code away} while Redis cannot be asked; tokens are served without
     * @param events {@code heard}, or {@code silent} while events of the cloud do not come; {@code waiting} while none was
     *     due, {@code off} if none are subscribed to. All is served without
     * @param records {@code written}, or {@code failing} while records of calls cannot be written; {@code off} if there are
     *     none
     * @param webhooks {@code delivering}, or {@code failing} while their receiver does not take them, {@code gone} if it
     *     wants no more; {@code waiting} while none was sent, {@code off} if there is no receiver
     */
    private record Ready(
            String status, String upstream, String registry, String events, String records, String webhooks) {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        var reply = new ApiResponse(request, response);
        var path = request.getPathInfo() == null ? "" : request.getPathInfo();
        var given = switch (path) {
            case "/live" -> live(reply, request);
            case "/ready" -> ready(reply, request);
            default -> reply.fail(404, "Nothing is here; the server answers /health/live and /health/ready");
        };
        given.send();
    }

    private static ApiResponse live(ApiResponse reply, HttpServletRequest request) {
        var probe = ContextParts.find(request.getServletContext(), HealthProbe.class);
        if (probe.isPresent()
                && !probe.get().stopping().getAsBoolean()
                && !probe.get().watching().getAsBoolean()) {
            return reply.fail(503, "The watch over calls has stopped; restart the server");
        }
        return reply.succeed(new Live("live"));
    }

    private static ApiResponse ready(ApiResponse reply, HttpServletRequest request) {
        var probe = ContextParts.find(request.getServletContext(), HealthProbe.class);
        if (probe.isEmpty()) {
            return reply.fail(503, "The server has not started");
        }
        if (probe.get().stopping().getAsBoolean()) {
            return reply.fail(503, "The server is stopping");
        }
        return reply.succeed(new Ready(
                "ready",
                probe.get().upstream().get(),
                probe.get().registryReachable().getAsBoolean() ? "reachable" : "away",
                probe.get().events().get(),
                probe.get().records().get(),
                probe.get().webhooks().get()));
    }
}
