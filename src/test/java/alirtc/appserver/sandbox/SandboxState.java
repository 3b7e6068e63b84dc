package alirtc.appserver.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.TreeMap;

/** A sandbox's state in JSON, for its page and for developers. */
final class SandboxState {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SandboxState() {}

    /** Returns all of it but the deliveries. The path of a callback address may be a secret, and is left out. */
    static ObjectNode of(Sandbox sandbox) {
        var state = JSON.objectNode();
        state.put("endpoint", sandbox.endpoint().toString());
        sandbox.actions().forEach(state.putArray("actions")::add);
        var faults = state.putArray("faults");
        if (sandbox.fault().kind() != FaultKind.NONE) {
            add(sandbox.fault(), faults);
        }
        sandbox.faultsByAction().forEach((action, fault) -> add(fault, faults).put("action", action));
        addLimits(sandbox.limits(), state);
        state.set("eventFaults", eventFaults(sandbox.callbacks().faults()));
        var subscriptions = state.putArray("subscriptions");
        for (var one : sandbox.callbacks().subscribers()) {
            var events = subscriptions
                    .addObject()
                    .put("id", one.id())
                    .put("callbackHost", URI.create(one.callbackUrl()).getAuthority())
                    .put("channel", one.channel())
                    .putArray("events");
            one.events().forEach(events::add);
        }
        var channels = state.putObject("channels");
        sandbox.channels().forEach((channel, present) -> {
            var users = channels.putArray(channel);
            present.forEach(one -> users.addObject()
                    .put("user", one.user())
                    .put("joinedAt", one.joinedAt().toString())
                    .put("sessionId", one.sessionId()));
        });
        sandbox.requestsByAction().forEach(state.putObject("requests")::put);
        return state;
    }

    /** Returns the webhooks that came, the newest first, and how their receiver fails. */
    static ObjectNode webhooks(WebhookReceiver receiver) {
        var state = JSON.objectNode().put("url", receiver.uri().toString());
        var fault = state.putObject("fault");
        if (!receiver.fault().isNone()) {
            fault.put("status", receiver.fault().status()).put("retryAfter", receiver.fault().retryAfter());
        }
        var received = state.putArray("received");
        for (var one : receiver.received()) {
            received.addObject()
                    .put("at", one.at().toString())
                    .put("id", one.id())
                    .put("verified", one.verified())
                    .put("answered", one.answered())
                    .put("body", one.body());
        }
        return state;
    }

    /** Returns deliveries, in their order. */
    static ArrayNode deliveries(Iterable<Delivery> deliveries) {
        var all = JSON.arrayNode();
        for (var delivery : deliveries) {
            all.addObject()
                    .put("at", delivery.at().toString())
                    .put("subscription", delivery.subscription())
                    .put("code", delivery.code())
                    .put("body", delivery.body());
        }
        return all;
    }

    private static void addLimits(RequestLimits limits, ObjectNode state) {
        var all = state.putArray("limits");
        limits.general().ifPresent(perSecond -> all.addObject().put("perSecond", perSecond));
        limits.byAction()
                .forEach((action, perSecond) ->
                        all.addObject().put("perSecond", perSecond).put("action", action));
        limits.throttled().forEach(state.putObject("throttled")::put);
    }

    /** Returns the faults that are set; nothing but an empty object where there are none. */
    private static ObjectNode eventFaults(EventFaults faults) {
        var json = JSON.objectNode();
        new TreeMap<>(faults.percent()).forEach((kind, percent) -> json.put(kind.label(), percent));
        if (faults.percent().containsKey(EventFaultKind.DELAY)) {
            json.put("millis", faults.maxDelay().toMillis());
        }
        if (faults.upperCaseIds()) {
            json.put("spelling", "ID");
        }
        if (faults.seed() != EventFaults.NONE.seed()) {
            json.put("seed", faults.seed());
        }
        return json;
    }

    private static ObjectNode add(Fault fault, ArrayNode faults) {
        var kind = fault.kind();
        var one = faults.addObject().put("kind", kind.label());
        kind.unit()
                .ifPresent(unit ->
                        one.put(kind.parameter().orElseThrow(), fault.amount().dividedBy(unit.getDuration())));
        return one;
    }
}
