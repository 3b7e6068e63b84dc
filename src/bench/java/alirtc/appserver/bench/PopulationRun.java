package alirtc.appserver.bench;

import alirtc.appserver.bench.PopulationOptions.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A population of phones and their cloud against the built WAR: {@code mvn -Ppopulation verify
 * -Dbench.arguments="calls=4000 minutes=6 events=off"}. The sandbox is the cloud. It takes 100 requests a second for each
 * action; the server has its default budget. As the run knows what every phone did and who was in which channel, it
 * knows what the contract asks for, and prints how the server kept to it.
 *
 * <p>Arguments are words {@code name=value}; {@code name=a,b} is a run for each value, of every mixture.
 *
 * <ul>
 *   <li>{@code calls}: how many are at once, if the limit ended none: {@code calls / mean} begin a second (1000)
 *   <li>{@code minutes}: how long is measured, after a warm-up of the limit and 10 s, or of two means if that is less (6)
 *   <li>{@code warmup}: its length in seconds instead
 *   <li>{@code events}: {@code on} if the server is to subscribe ({@code off})
 *   <li>{@code product}: {@code rtc} or {@code live} ({@code rtc})
 *   <li>{@code redis}: the calls are kept in Redis; {@code servers=2} so many servers share it
 *   <li>{@code faults}: {@code none}, {@code events} (30 % lost, 20 % repeated, 20 % late by up to 4 s), {@code upstream}
 *       (10 s of 503, of silence, of throttling, of empty answers in turn, 20 s of health between), or {@code both}
 *   <li>{@code records}: {@code on} if calls are to be on record, in a folder or else in Redis, and told to a receiver
 *       ({@code off}); with {@code faults=crashes} a server, the receiver and Redis are killed by turns, every 10 s
 *   <li>{@code limit}: how many minutes a call may last, -1 for no limit (2)
 *   <li>{@code mean}: how many seconds people want to talk, exponentially distributed (120)
 *   <li>{@code seed}: another one is another population (1)
 * </ul>
 *
 * <p>Without arguments it runs a short table. It fails if a live call was cut, or a start told, too early; all else is
 * measured. It fails, too, if a record is missing, doubled or impossible, or a webhook lost or out of order.
 * {@link PopulationReport} tells what the columns are.
 */
public final class PopulationRun {
    /** Goes on after what is measured, with the same load, to see what becomes of it. */
    private static final Duration AFTERWARDS = PopulationFindings.MISSED_FAR.plusSeconds(10);

    /** Servers on Redis go by its clock, which they read over the network to within about 5 ms. */
    private static final Duration REDIS_CLOCK_ERROR = Duration.ofMillis(10);

    /** After a restart the start is what those present tell, in whole seconds, as the contract has it. */
    private static final Duration WHOLE_SECOND = Duration.ofSeconds(1);

    private static final int HTTP_THREADS = 2;
    private static final List<String> FLAGS = List.of("-Xms1g", "-Xmx1g", "-XX:+UseParallelGC");

    private final PopulationOptions options;
    private final PopulationServers servers;
    private final InstantSource clock = InstantSource.system();
    private final PopulationFindings findings = new PopulationFindings();
    private final LongAdder occupied = new LongAdder();
    private final LongAdder samples = new LongAdder();
    private final PopulationBill bill;

    PopulationRun(PopulationOptions options, PopulationServers servers, PopulationBill bill) {
        this.options = options;
        this.servers = servers;
        this.bill = bill;
    }

    /** Runs what the arguments ask for. */
    public static void main(String[] args) throws Exception {
        var reports = new ArrayList<PopulationReport>();
        for (var options : PopulationOptions.parse(Arrays.asList(args))) {
            System.out.println("\n" + options.describe());
            try (var bill = new PopulationBill(options);
                    var servers = PopulationServers.start(options, FLAGS, bill.settings())) {
                var report = new PopulationRun(options, servers, bill).run();
                report.print();
                reports.add(report);
            }
        }
        System.out.println("\n" + PopulationReport.HEADER);
        reports.forEach(report -> System.out.println(report.row()));
        if (reports.stream().anyMatch(PopulationReport::breaksInvariant)) {
            System.out.println("A call was cut, or a start told, too early, or a record is wrong: see above.");
            System.exit(1);
        }
    }

    /** Runs once, and returns what came of it. */
    PopulationReport run() throws InterruptedException {
        var sandbox = servers.sandbox();
        var truth = new PopulationTruth(findings, options.limit(), clockError(), clock);
        var log = new PopulationLog(truth);
        var scheduler =
                new ScheduledThreadPoolExecutor(1, daemons("population"), new ThreadPoolExecutor.DiscardPolicy());
        var executor = Executors.newFixedThreadPool(HTTP_THREADS, daemons("population-http"));
        try {
            var http = new PopulationHttp(servers.ports(), findings, clock, executor);
            var callers = new PopulationCallers(options, http, sandbox, truth, findings, clock, scheduler);
            sandbox.onChange(truth::changed);
            sandbox.onChange(callers::changed);
            sandbox.onRequest(truth::requested);
            bill.watch(sandbox);
            servers.forwardLogs(log);
            new PopulationFaults(sandbox, truth, scheduler).begin(options);
            scheduler.execute(callers::begin);
            bill.begin(servers);
            Thread.sleep(options.warmUp().toMillis());
            var from = clock.instant();
            findings.measureFrom(from);
            var traffic = new PopulationTraffic(sandbox, from);
            var unusedSample = scheduler.scheduleAtFixedRate(() -> sample(truth, from), 0, 1, TimeUnit.SECONDS);
            Thread.sleep(options.length().toMillis());
            var until = clock.instant();
            findings.measureUntil(until);
            traffic.end(until, truth.unasked());
            bill.endCrashes();
            Thread.sleep(AFTERWARDS.toMillis());
            truth.finish();
            stop(scheduler, executor);
            return new PopulationReport(
                    options,
                    findings,
                    http,
                    traffic,
                    log.complaints(),
                    occupied.sum() / (double) samples.sum(),
                    bill.judge(until, servers));
        } finally {
            stop(scheduler, executor);
        }
    }

    private Duration clockError() {
        if (options.faults().contains(Trouble.CRASHES)) {
            return WHOLE_SECOND;
        }
        return options.redis() ? REDIS_CLOCK_ERROR : Duration.ZERO;
    }

    private void sample(PopulationTruth truth, Instant from) {
        if (findings.measures(clock.instant()) && !clock.instant().isBefore(from)) {
            occupied.add(truth.occupied());
            samples.increment();
        }
    }

    private static void stop(ScheduledExecutorService scheduler, ExecutorService executor) throws InterruptedException {
        for (var threads : List.of(scheduler, executor)) {
            threads.shutdownNow();
            threads.awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
