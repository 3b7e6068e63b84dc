package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import alirtc.appserver.it.Distribution;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Attacks the server in real containers, in one way after the other, while others use it, and prints what they noticed:
 * their answers, how late their calls were ended, and what the server needs after the attack.
 */
public final class AttackRun {
    /** In the order in which they are tried: the first has begun its work a minute before. */
    private static final List<Attack> ATTACKS = List.of(
            new TokensNeverUsed(), new UnreadAnswers(), new UnknownChannels(), new MadeUpChannels(), new ManyAtOnce());

    /** Small, so that it is known soon what fills the memory; a budget as it is by default. */
    private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m");

    private static final Map<String, String> SETTINGS = Map.of(
            "durationlimit", Long.toString(AttackCalls.LIMIT.toMinutes()),
            "rtc.openapi.maxQps", "80",
            "rtc.users.cacheTtl", "1s");

    /** How long others are left in peace between attacks, and waited for after the last. */
    private static final Duration REST = Duration.ofSeconds(2);

    /** The time of an attack, by both clocks. */
    private record Window(Attack attack, Instant from, Instant to, long fromNanos, long toNanos, String server) {}

    private AttackRun() {}

    /** Runs every attack; {@code redis} keeps calls there. */
    public static void main(String[] args) throws Exception {
        var rows = new ArrayList<String>();
        for (var distribution : List.of(Distribution.jetty(), Distribution.tomcat11())) {
            if (Arrays.asList(args).contains(WithRedis.ARGUMENT)) {
                try (var redis = new WithRedis()) {
                    rows.addAll(run(distribution, redis.settings(SETTINGS)));
                }
            } else {
                rows.addAll(run(distribution, SETTINGS));
            }
        }
        System.out.println(
                "\n| attack | container | others' answers: good, slowest | calls ended at their limit, late | heap, threads after |");
        System.out.println("|---|---|---|---|---|");
        rows.forEach(System.out::println);
    }

    private static List<String> run(Distribution distribution, Map<String, String> settings) throws Exception {
        try (var deployment = Deployment.start(distribution, settings, FLAGS, base -> {})) {
            deployment.server().forgetOutput();
            var calls = new AttackCalls(deployment);
            try (var others = new AttackOthers(deployment, calls)) {
                return run(deployment, calls, others);
            }
        }
    }

    private static List<String> run(Deployment deployment, AttackCalls calls, AttackOthers others) throws Exception {
        int port = deployment.server().port();
        long firstDue = System.nanoTime() + AttackCalls.LIMIT.toNanos();
        for (var attack : ATTACKS) {
            attack.prepare(port);
        }
        TimeUnit.NANOSECONDS.sleep(firstDue - System.nanoTime());
        var windows = new ArrayList<Window>();
        for (var attack : ATTACKS) {
            windows.add(attack(attack, deployment));
            TimeUnit.NANOSECONDS.sleep(REST.toNanos());
        }
        var rows = windows.stream()
                .map(window -> "| " + window.attack().title() + " | " + deployment.server() + " | "
                        + others.noticed(window.fromNanos(), window.toNanos()) + " | "
                        + calls.lateness(window.from(), window.to()) + " | " + window.server() + " |")
                .toList();
        rows.forEach(System.out::println);
        return rows;
    }

    private static Window attack(Attack attack, Deployment deployment) throws Exception {
        var from = InstantSource.system().instant();
        long fromNanos = System.nanoTime();
        attack.run(deployment.server().port());
        var to = InstantSource.system().instant();
        long toNanos = System.nanoTime();
        var server = String.format(
                Locale.ROOT,
                "%d MB, %d",
                deployment.server().heapBytes() / 1_000_000,
                deployment.server().threads());
        return new Window(attack, from, to, fromNanos, toNanos, server);
    }
}
