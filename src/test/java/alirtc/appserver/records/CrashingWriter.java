package alirtc.appserver.records;

import alirtc.appserver.config.WebhooksConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.time.SteadyClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A process that writes call after call and delivers what it wrote, until it is killed. It prints a line for each message
 * it took, before it says that it was delivered ({@code T}), and after that is on the disk ({@code D}).
 */
final class CrashingWriter {
    private CrashingWriter() {}

    /** Takes the folder, and the number of the first call. */
    public static void main(String[] arguments) throws Exception {
        var clock = new SteadyClock(InstantSource.system(), System::nanoTime);
        var records = new FileRecords(
                Path.of(arguments[0]),
                Duration.ofDays(90),
                Set.copyOf(WebhooksConfig.TYPES),
                clock,
                Thread::new,
                new Metrics().records());
        System.out.println("R");
        for (int n = Integer.parseInt(arguments[1]); ; n++) {
            SampleCalls.begin(records, n, clock.instant());
            SampleCalls.end(records, n, clock.instant());
            if (n % 5 == 0) {
                for (var message : records.takeDue(3).get(10, TimeUnit.SECONDS)) {
                    System.out.println("T " + message.callId() + " " + message.seq());
                    var unused = records.delivered(message)
                            .thenAccept(done -> System.out.println("D " + message.callId() + " " + message.seq()));
                }
            }
            if (n % 40 == 0) {
                records.expire();
            }
        }
    }
}
