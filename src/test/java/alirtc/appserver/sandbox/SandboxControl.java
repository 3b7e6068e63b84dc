package alirtc.appserver.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The commands that a developer gives a sandbox by URL; every change answers the state it led to. */
final class SandboxControl {
    private static final int SHOWN_DELIVERIES = 100;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Sandbox sandbox;
    private final Optional<JwtMaker> jwts;
    private final Optional<WebhookReceiver> receiver;

    /**
     * Takes commands for a sandbox.
     *
     * @param jwts makes JWTs, where the server checks them by a secret that is known
     * @param receiver takes the server's webhooks, where nobody else does
     */
    SandboxControl(Sandbox sandbox, Optional<JwtMaker> jwts, Optional<WebhookReceiver> receiver) {
        this.sandbox = sandbox;
        this.jwts = jwts;
        this.receiver = receiver;
    }

    /**
     * Answers one command.
     *
     * @param path what follows the servlet's mapping, decoded
     * @param parameters of the query, decoded
     */
    Reply answer(String method, String path, Map<String, String[]> parameters) {
        var methods = methods(List.of(path.substring(Math.min(1, path.length())).split("/", -1)), parameters);
        // What answers HEAD is sent without its body by the container.
        var command = methods.get(method.equals("HEAD") ? "GET" : method);
        if (command != null) {
            try {
                return command.get();
            } catch (IllegalArgumentException e) {
                return failure(400, String.valueOf(e.getMessage()));
            }
        }
        if (methods.isEmpty()) {
            return failure(
                    404,
                    "No such path. There are: /, /channels/{channel}, /channels/{channel}/users/{user}, /deliveries,"
                            + " /eventfault, /eventfaults, /fault, /faults, /jwt, /limit, /subscriptions, /webhooks,"
                            + " /webhookfault");
        }
        var allowed = String.join(", ", new TreeSet<>(methods.keySet()));
        return failure(405, "Allowed here: " + allowed).withHeader("Allow", allowed);
    }

    private Map<String, Supplier<Reply>> methods(List<String> path, Map<String, String[]> parameters) {
        if (path.equals(List.of(""))) {
            return Map.of("GET", this::state, "DELETE", () -> after(sandbox::reset));
        }
        if (path.equals(List.of("faults"))) {
            return Map.of("GET", SandboxControl::kinds);
        }
        if (path.equals(List.of("fault"))) {
            return Map.of("PUT", () -> setFault(parameters), "DELETE", () -> after(sandbox::clearFaults));
        }
        if (path.equals(List.of("eventfaults"))) {
            return Map.of("GET", SandboxControl::eventFaultKinds);
        }
        if (path.equals(List.of("eventfault"))) {
            return Map.of(
                    "PUT",
                    () -> setEventFaults(parameters),
                    "DELETE",
                    () -> after(() -> sandbox.callbacks().set(EventFaults.NONE)));
        }
        if (path.equals(List.of("limit"))) {
            return Map.of("PUT", () -> setLimit(parameters), "DELETE", () -> after(sandbox.limits()::clear));
        }
        if (path.equals(List.of("subscriptions"))) {
            return Map.of("DELETE", () -> after(sandbox.callbacks()::deleteSubscriptions));
        }
        if (path.equals(List.of("jwt"))) {
            return Map.of("GET", () -> jwt(value(parameters, "sub")));
        }
        if (path.equals(List.of("webhooks"))) {
            return Map.of("GET", () -> webhooks(one -> {}), "DELETE", () -> webhooks(WebhookReceiver::clear));
        }
        if (path.equals(List.of("webhookfault"))) {
            return Map.of(
                    "PUT",
                    () -> webhooks(one -> one.set(webhookFault(parameters))),
                    "DELETE",
                    () -> webhooks(one -> one.set(WebhookFault.NONE)));
        }
        if (path.equals(List.of("deliveries"))) {
            return Map.of("GET", this::deliveries);
        }
        if (path.size() == 2 && path.get(0).equals("channels")) {
            return Map.of("DELETE", () -> deleteChannel(path.get(1)));
        }
        if (path.size() == 4 && path.get(0).equals("channels") && path.get(2).equals("users")) {
            var channel = path.get(1);
            var user = path.get(3);
            return Map.of("PUT", () -> after(() -> sandbox.join(channel, user)), "DELETE", () -> leave(channel, user));
        }
        return Map.of();
    }

    private Reply after(Runnable change) {
        change.run();
        return state();
    }

    private Reply leave(String channel, String user) {
        return sandbox.leave(channel, user) ? state() : failure(404, "User " + user + " is not in channel " + channel);
    }

    private Reply deleteChannel(String channel) {
        return sandbox.delete(channel) ? state() : failure(404, "No channel " + channel);
    }

    private Reply deliveries() {
        return Reply.json(200, SandboxState.deliveries(sandbox.callbacks().lastDeliveries(SHOWN_DELIVERIES)));
    }

    private Reply webhooks(Consumer<WebhookReceiver> change) {
        receiver.ifPresent(change);
        return receiver.map(one -> Reply.json(200, SandboxState.webhooks(one)))
                .orElseGet(() -> failure(404, "Webhooks come here where webhooks.url is not set"));
    }

    private static WebhookFault webhookFault(Map<String, String[]> parameters) {
        checkNames(parameters, Set.of("status", "retryAfter"));
        int retryAfter = parameters.containsKey("retryAfter") ? (int) number(parameters, "retryAfter") : 0;
        return new WebhookFault((int) number(parameters, "status"), retryAfter);
    }

    private Reply jwt(String user) {
        if (!user.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("sub must be 1-64 of A-Z a-z 0-9 _ -");
        }
        return jwts.map(maker -> Reply.json(200, JSON.objectNode().put("jwt", maker.make(user))))
                .orElseGet(() -> failure(404, "JWTs can be made where auth is jwt with an auth.jwt.secret"));
    }

    private Reply setFault(Map<String, String[]> parameters) {
        var kind = FaultKind.named(value(parameters, "kind"));
        var allowed = new TreeSet<>(Set.of("kind", "action"));
        kind.parameter().ifPresent(allowed::add);
        for (var name : parameters.keySet()) {
            if (!allowed.contains(name)) {
                throw new IllegalArgumentException(
                        name + " is unknown; kind " + kind.label() + " goes with " + String.join(", ", allowed));
            }
        }
        var fault = new Fault(kind, amount(kind, parameters));
        if (parameters.containsKey("action")) {
            sandbox.set(fault, value(parameters, "action"));
        } else {
            sandbox.set(fault);
        }
        return state();
    }

    private static Duration amount(FaultKind kind, Map<String, String[]> parameters) {
        return kind.unit()
                .map(unit -> unit.getDuration()
                        .multipliedBy(number(parameters, kind.parameter().orElseThrow())))
                .orElse(Duration.ZERO);
    }

    private static long number(Map<String, String[]> parameters, String name) {
        var text = value(parameters, name);
        if (!text.matches("-?[0-9]{1,9}")) {
            throw new IllegalArgumentException(name + " must be a whole number of at most 9 digits");
        }
        return Long.parseLong(text);
    }

    private static String value(Map<String, String[]> parameters, String name) {
        var values = parameters.getOrDefault(name, new String[0]);
        if (values.length != 1) {
            throw new IllegalArgumentException(name + " must be given once");
        }
        return values[0];
    }

    private Reply setEventFaults(Map<String, String[]> parameters) {
        var faults = sandbox.callbacks().faults();
        for (var name : parameters.keySet()) {
            faults = switch (name) {
                case "millis" -> faults.withMaxDelay(Duration.ofMillis(number(parameters, name)));
                case "seed" -> faults.withSeed(number(parameters, name));
                case "spelling" -> faults.withUpperCaseIds(isUpperCase(value(parameters, name)));
                default -> faults.with(EventFaultKind.named(name), (int) number(parameters, name));
            };
        }
        sandbox.callbacks().set(faults);
        return state();
    }

    private static boolean isUpperCase(String spelling) {
        if (!Set.of("Id", "ID").contains(spelling)) {
            throw new IllegalArgumentException("spelling must be Id or ID");
        }
        return spelling.equals("ID");
    }

    private Reply setLimit(Map<String, String[]> parameters) {
        checkNames(parameters, Set.of("perSecond", "action"));
        int perSecond = (int) number(parameters, "perSecond");
        if (parameters.containsKey("action")) {
            sandbox.limits().set(perSecond, value(parameters, "action"));
        } else {
            sandbox.limits().set(perSecond);
        }
        return state();
    }

    private static void checkNames(Map<String, String[]> parameters, Set<String> allowed) {
        for (var name : parameters.keySet()) {
            if (!allowed.contains(name)) {
                throw new IllegalArgumentException(
                        name + " is unknown; there are " + String.join(", ", new TreeSet<>(allowed)));
            }
        }
    }

    private Reply state() {
        return Reply.json(200, SandboxState.of(sandbox));
    }

    private static Reply kinds() {
        var kinds = JSON.arrayNode();
        for (var kind : FaultKind.values()) {
            var one = kinds.addObject().put("kind", kind.label()).put("meaning", kind.meaning());
            kind.parameter().ifPresent(parameter -> one.put("parameter", parameter));
        }
        return Reply.json(200, kinds);
    }

    private static Reply eventFaultKinds() {
        var kinds = JSON.arrayNode();
        for (var kind : EventFaultKind.values()) {
            kinds.addObject().put("kind", kind.label()).put("meaning", kind.meaning());
        }
        return Reply.json(200, kinds);
    }

    private static Reply failure(int status, String message) {
        return Reply.json(status, JSON.objectNode().put("message", message));
    }
}
