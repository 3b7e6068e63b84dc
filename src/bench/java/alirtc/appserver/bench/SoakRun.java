package alirtc.appserver.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A population of phones for an hour, while the cloud fails now and then, events go missing, and attackers come and go:
 * {@code mvn -Psoak verify -Dminutes=60}. Prints what the server holds, minute by minute. It fails if a live call was
 * cut, or a start told, too early, or if the server holds more and more.
 */
public final class SoakRun {
    private static final List<String> FLAGS = List.of("-Xmx256m");
    private static final List<Attack> ATTACKS =
            List.of(new UnreadAnswers(), new UnknownChannels(), new MadeUpChannels());

    /** An attack is over long before what the server holds is looked at. */
    private static final int MINUTES_BETWEEN_ATTACKS = 10;

    private final PopulationServers servers;
    private final SoakSamples samples = new SoakSamples();

    private SoakRun(PopulationServers servers) {
        this.servers = servers;
    }

    /** Runs for so many minutes as the first argument says; {@code redis} after it keeps calls there. */
    public static void main(String[] args) throws Exception {
        var words = new ArrayList<>(
                List.of("calls=300", "mean=60", "limit=1", "events=on", "faults=both", "minutes=" + args[0]));
        words.addAll(List.of(args).subList(1, args.length));
        var options = PopulationOptions.parse(words).get(0);
        System.out.println(options.describe());
        try (var bill = new PopulationBill(options);
                var servers = PopulationServers.start(options, FLAGS, bill.settings())) {
            var run = new SoakRun(servers);
            var watched = CompletableFuture.runAsync(() -> run.watch(options.length()));
            var report = new PopulationRun(options, servers, bill).run();
            watched.join();
            report.print();
            run.samples.print();
            if (report.breaksInvariant() || run.samples.grow()) {
                System.exit(1);
            }
        }
    }

    private void watch(Duration length) {
        long begin = System.nanoTime();
        try {
            for (int minute = 1; minute <= length.toMinutes(); minute++) {
                if (minute % MINUTES_BETWEEN_ATTACKS == 0) {
                    var attack = ATTACKS.get(minute / MINUTES_BETWEEN_ATTACKS % ATTACKS.size());
                    attack.run(servers.first().port());
                }
                TimeUnit.NANOSECONDS.sleep(begin + TimeUnit.MINUTES.toNanos(minute) - System.nanoTime());
                samples.add(minute, servers.first());
            }
        } catch (Exception e) {
            throw new IllegalStateException("The watch over the server ended", e);
        }
    }
}
