package alirtc.appserver.bench;

import alirtc.appserver.config.Product;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one run simulates.
 *
 * @param calls how many calls there would be at once, on average, if none was ended by the limit
 * @param length how long is measured, after the warm-up
 * @param warmUp how long the population builds up before
 * @param events whether the server subscribes to events
 * @param product which product the application belongs to
 * @param servers how many servers there are; those beyond one need Redis
 * @param redis whether the servers keep the calls in Redis
 * @param faults what goes wrong
 * @param seed chooses when calls begin, where, and how long they last
 * @param limit how long a call may last, if there is a limit
 * @param mean the mean of how long people want to talk
 * @param records whether calls are on record, and a receiver is told of them
 */
record PopulationOptions(
        int calls,
        Duration length,
        Duration warmUp,
        boolean events,
        Product product,
        int servers,
        boolean redis,
        Set<Trouble> faults,
        long seed,
        Optional<Duration> limit,
        Duration mean,
        boolean records) {
    private static final List<String> SHORT =
            List.of("calls=1000", "minutes=2", "mean=60", "limit=1", "events=off,on", "faults=none,events");
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("calls", "1000"),
            Map.entry("minutes", "6"),
            Map.entry("warmup", "auto"),
            Map.entry("events", "off"),
            Map.entry("product", "rtc"),
            Map.entry("servers", "1"),
            Map.entry("faults", "none"),
            Map.entry("seed", "1"),
            Map.entry("limit", "2"),
            Map.entry("mean", "120"),
            Map.entry("records", "off"));

    /** What can go wrong. */
    enum Trouble {
        /** Events are lost, repeated and delayed. */
        EVENTS,
        /** The OpenAPI fails from time to time. */
        UPSTREAM,
        /** A server, whoever receives webhooks, and Redis are killed by turns. */
        CRASHES
    }

    /** Returns the runs that the arguments ask for: every mixture of the values that they list. */
    static List<PopulationOptions> parse(List<String> words) {
        var all = new ArrayList<Map<String, String>>();
        all.add(new LinkedHashMap<>(DEFAULTS));
        for (var word : words.isEmpty() ? SHORT : words) {
            var equals = word.indexOf('=');
            var name = equals < 0 ? word : word.substring(0, equals);
            if (!DEFAULTS.containsKey(name) && !word.equals(WithRedis.ARGUMENT)) {
                throw new IllegalArgumentException("unknown argument " + word);
            }
            var values = Arrays.asList(word.substring(equals + 1).split(",", -1));
            var mixed = new ArrayList<Map<String, String>>();
            for (var before : all) {
                for (var value : values) {
                    var one = new LinkedHashMap<>(before);
                    one.put(name, value);
                    mixed.add(one);
                }
            }
            all = mixed;
        }
        // Faults of events that nobody is told of are no faults.
        return all.stream()
                .map(PopulationOptions::of)
                .filter(one -> one.events || !one.faults.contains(Trouble.EVENTS))
                .toList();
    }

    private static PopulationOptions of(Map<String, String> values) {
        var mean = Duration.ofSeconds(number(values, "mean"));
        var minutes = number(values, "limit");
        Optional<Duration> limit = minutes < 0 ? Optional.empty() : Optional.of(Duration.ofMinutes(minutes));
        var warmUp = text(values, "warmup").equals("auto")
                ? limit.map(longest -> longest.plusSeconds(10))
                        .filter(longest -> longest.compareTo(mean.multipliedBy(2)) < 0)
                        .orElse(mean.multipliedBy(2))
                : Duration.ofSeconds(number(values, "warmup"));
        return new PopulationOptions(
                (int) number(values, "calls"),
                Duration.ofMinutes(number(values, "minutes")),
                warmUp,
                text(values, "events").equals("on"),
                Product.of(text(values, "product")),
                (int) number(values, "servers"),
                values.containsKey(WithRedis.ARGUMENT) || number(values, "servers") > 1,
                faults(text(values, "faults")),
                number(values, "seed"),
                limit,
                mean,
                text(values, "records").equals("on"));
    }

    private static Set<Trouble> faults(String text) {
        return switch (text) {
            case "none" -> Set.of();
            case "events" -> Set.of(Trouble.EVENTS);
            case "upstream" -> Set.of(Trouble.UPSTREAM);
            case "both" -> Set.of(Trouble.EVENTS, Trouble.UPSTREAM);
            case "crashes" -> Set.of(Trouble.EVENTS, Trouble.CRASHES);
            default -> throw new IllegalArgumentException("faults must be none, events, upstream, both or crashes");
        };
    }

    private static long number(Map<String, String> values, String name) {
        return Long.parseLong(text(values, name));
    }

    private static String text(Map<String, String> values, String name) {
        return values.getOrDefault(name, "");
    }

    /** Returns how many calls begin in a second, on average. */
    double callsPerSecond() {
        return calls / (double) mean.toSeconds();
    }

    /** Describes the run in a line. */
    String describe() {
        return calls + " calls, " + product.setting() + ", events " + (events ? "on" : "off")
                + (redis ? ", " + servers + " on Redis" : "")
                + (faults.isEmpty() ? "" : ", faults " + faults)
                + (records ? ", on record" : "")
                + limit.map(one -> ", limit " + one.toSeconds() + " s").orElse(", no limit")
                + ", mean " + mean.toSeconds() + " s, seed " + seed + ", " + length.toSeconds() + " s after "
                + warmUp.toSeconds() + " s";
    }
}
