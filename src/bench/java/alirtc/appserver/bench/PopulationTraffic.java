package alirtc.appserver.bench;

import alirtc.appserver.sandbox.Sandbox;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the cloud was asked for, and what it told by events, while a run was measured. */
final class PopulationTraffic {
    private static final List<String> ACTIONS = List.of(
            "DescribeChannelUsers",
            "DescribeUserInfoInChannel",
            "DeleteChannel",
            "RemoveTerminals",
            "CreateEventSubscribe",
            "DeleteEventSubscribe",
            "CreateEventSub",
            "UpdateEventSub",
            "DeleteEventSub",
            "ListEventSub",
            "ListEventSubEvent",
            "ListRTCLiveRooms");

    /** Of so many deliveries the outcome is known at most. */
    private static final int DELIVERIES = 100_000;

    private final Sandbox sandbox;
    private final Instant from;
    private final Map<String, Integer> throttledBefore;
    private final Map<String, Integer> throttled = new TreeMap<>();
    private final Map<String, Integer> requests = new TreeMap<>();
    private final Map<String, Integer> most = new TreeMap<>();
    private final Map<String, Long> unasked = new TreeMap<>();
    private double seconds = 1;
    private long delivered;
    private long lost;
    private int subscriptions;

    /** Begins to count. */
    PopulationTraffic(Sandbox sandbox, Instant from) {
        this.sandbox = sandbox;
        this.from = from;
        this.throttledBefore = sandbox.limits().throttled();
    }

    /**
     * Ends the count.
     *
     * @param ofOwnAccord how many requests came for no phone, by action
     */
    void end(Instant until, Map<String, Long> ofOwnAccord) {
        seconds = Duration.between(from, until).toMillis() / 1e3;
        unasked.putAll(ofOwnAccord);
        subscriptions = sandbox.callbacks().subscribers().size();
        sandbox.limits().throttled().forEach((action, count) -> {
            var more = count - throttledBefore.getOrDefault(action, 0);
            if (more > 0) {
                throttled.put(action, more);
            }
        });
        for (var action : ACTIONS) {
            // Whole seconds: of the two at the ends a part counts that is not measured, or is not counted.
            var bySecond = sandbox.requestsBySecond(action).subMap(from, until);
            if (!bySecond.isEmpty()) {
                requests.put(
                        action,
                        bySecond.values().stream().mapToInt(Integer::intValue).sum());
                most.put(
                        action,
                        bySecond.values().stream()
                                .mapToInt(Integer::intValue)
                                .max()
                                .orElse(0));
            }
        }
        for (var delivery : sandbox.callbacks().lastDeliveries(DELIVERIES)) {
            if (!delivery.at().isBefore(from)) {
                if (delivery.code() == 200) {
                    delivered++;
                } else {
                    lost++;
                }
            }
        }
    }

    /** Returns how many requests a second the server made for no phone, tokens and deletions aside. */
    double unaskedPerSecond() {
        return unasked.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals("DeleteChannel"))
                        .mapToLong(Map.Entry::getValue)
                        .sum()
                / seconds;
    }

    /** Returns requests a second by action, with the most in a second. */
    String requests() {
        return requests.entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT,
                        "%s %.1f (most %d, unasked %.1f)",
                        entry.getKey(),
                        entry.getValue() / seconds,
                        most.getOrDefault(entry.getKey(), 0),
                        unasked.getOrDefault(entry.getKey(), 0L) / seconds))
                .collect(Collectors.joining(", "));
    }

    /** Returns how many requests were throttled, by action. */
    Map<String, Integer> throttled() {
        return throttled;
    }

    /** Returns what became of the messages of events. */
    String events() {
        return subscriptions + " subscriptions, " + delivered + " messages delivered, " + lost + " lost or refused";
    }
}
