package alirtc.appserver.bench;

import alirtc.appserver.bench.PopulationOptions.Trouble;
import alirtc.appserver.sandbox.EventFaultKind;
import alirtc.appserver.sandbox.EventFaults;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import alirtc.appserver.sandbox.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Has the cloud fail as a run wants it: events all the time, the OpenAPI now and then, each time in another way. */
final class PopulationFaults {
    /** How long the OpenAPI fails. */
    static final Duration ILL = Duration.ofSeconds(10);

    private static final Duration WELL = Duration.ofSeconds(20);
    private static final List<FaultKind> KINDS =
            List.of(FaultKind.JSON503, FaultKind.HANG, FaultKind.THROTTLED, FaultKind.EMPTY);

    private final Sandbox sandbox;
    private final PopulationTruth truth;
    private final ScheduledExecutorService scheduler;
    private int next;

    PopulationFaults(Sandbox sandbox, PopulationTruth truth, ScheduledExecutorService scheduler) {
        this.sandbox = sandbox;
        this.truth = truth;
        this.scheduler = scheduler;
    }

    void begin(PopulationOptions options) {
        if (options.faults().contains(Trouble.EVENTS)) {
            sandbox.callbacks()
                    .set(EventFaults.NONE
                            .with(EventFaultKind.LOSE, 30)
                            .with(EventFaultKind.REPEAT, 20)
                            .with(EventFaultKind.DELAY, 20)
                            .withMaxDelay(Duration.ofSeconds(4))
                            .withSeed(options.seed()));
        }
        if (options.faults().contains(Trouble.UPSTREAM)) {
            after(WELL, this::fail);
        }
    }

    private void fail() {
        var kind = KINDS.get(next++ % KINDS.size());
        truth.hanging(kind == FaultKind.HANG);
        sandbox.set(Fault.of(kind));
        after(ILL, this::heal);
    }

    private void heal() {
        sandbox.clearFaults();
        truth.hanging(false);
        after(WELL, this::fail);
    }

    private void after(Duration delay, Runnable task) {
        var unused = scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
