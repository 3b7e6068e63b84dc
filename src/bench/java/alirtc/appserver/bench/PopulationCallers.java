package alirtc.appserver.bench;

import alirtc.appserver.bench.PopulationCall.Plan;
import alirtc.appserver.bench.PopulationCall.Surroundings;
import alirtc.appserver.bench.PopulationFindings.Count;
import alirtc.appserver.sandbox.ChannelChange;
import alirtc.appserver.sandbox.Sandbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Begins calls at random times, so many a second on average: three in ten in a channel that was used 1 to 20 s before,
 * if there is one, the others in fresh channels. Works on the thread of its scheduler.
 */
final class PopulationCallers {
    private static final Duration USED_BEFORE_MIN = Duration.ofSeconds(1);
    private static final Duration USED_BEFORE_MAX = Duration.ofSeconds(20);
    private static final int USED_PERCENT = 30;

    private final PopulationOptions options;
    private final PopulationFindings findings;
    private final InstantSource clock;
    private final ScheduledExecutorService scheduler;
    private final Surroundings around;
    private final SplittableRandom random;
    private final Map<String, PopulationCall> calls = new HashMap<>();
    /** In the order of their times. */
    private final List<Used> used = new ArrayList<>();

    private Instant nextAt = Instant.MIN;
    private long channels;

    private record Used(String channel, Instant at) {}

    PopulationCallers(
            PopulationOptions options,
            PopulationHttp http,
            Sandbox sandbox,
            PopulationTruth truth,
            PopulationFindings findings,
            InstantSource clock,
            ScheduledExecutorService scheduler) {
        this.options = options;
        this.findings = findings;
        this.clock = clock;
        this.scheduler = scheduler;
        this.around = new Surroundings(http, sandbox, truth, clock, scheduler, this::done);
        this.random = new SplittableRandom(options.seed());
    }

    /** Goes on until its scheduler is shut down. */
    void begin() {
        nextAt = clock.instant();
        scheduleNext();
    }

    /** Learns what happened at the cloud; may be called on any thread. */
    void changed(ChannelChange change) {
        if (change instanceof ChannelChange.Left left && left.byDeletion()) {
            scheduler.execute(() -> {
                var call = calls.get(left.channel());
                if (call != null) {
                    call.putOut(left.who().user());
                }
            });
        }
    }

    private void scheduleNext() {
        // From the time that was planned, not from now, so that delays do not make calls fewer.
        nextAt = nextAt.plus(exponential(1 / options.callsPerSecond()));
        var wait = Duration.between(clock.instant(), nextAt);
        var unused = scheduler.schedule(this::beginOne, Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
    }

    private void beginOne() {
        scheduleNext();
        var now = clock.instant();
        findings.count(Count.BEGUN, now);
        var plan = new Plan(
                exponential((double) options.mean().toSeconds()),
                millis(500, 10_000),
                millis(100, 1_500),
                millis(100, 1_500),
                millis(0, 2_000),
                random.nextBoolean());
        var call = new PopulationCall(channel(now), plan, around);
        calls.put(call.channel(), call);
        call.begin();
    }

    private void done(PopulationCall call) {
        calls.remove(call.channel());
        used.add(new Used(call.channel(), clock.instant()));
    }

    private String channel(Instant now) {
        while (!used.isEmpty() && used.get(0).at().isBefore(now.minus(USED_BEFORE_MAX))) {
            used.remove(0);
        }
        var latest = now.minus(USED_BEFORE_MIN);
        int eligible = used.size();
        while (eligible > 0 && used.get(eligible - 1).at().isAfter(latest)) {
            eligible--;
        }
        return random.nextInt(100) < USED_PERCENT && eligible > 0
                ? used.remove(random.nextInt(eligible)).channel()
                : "population-" + ++channels;
    }

    private Duration exponential(double meanSeconds) {
        return Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) * meanSeconds * 1e9));
    }

    private Duration millis(int least, int most) {
        return Duration.ofMillis(random.nextInt(least, most));
    }
}
