package alirtc.appserver.web;

import alirtc.appserver.config.WebhooksConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.records.FileRecords;
import alirtc.appserver.time.SteadyClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What is on record of calls, for a server without the settings for it. */
public final class CallArchives {
    private CallArchives() {}

    /** Makes records and messages in a new folder known to a server's servlets; to be closed by the test. */
    public static FileRecords publish(TestServer server, Path folder) {
        var clock = new SteadyClock(server.time().wall(), server.time()::nanoTime);
        var records = new FileRecords(
                folder,
                Duration.ofDays(90),
                Set.copyOf(WebhooksConfig.TYPES),
                clock,
                Thread::new,
                new Metrics().records());
        server.publish(new CallArchive(records, Optional.of(records), clock));
        return records;
    }
}
