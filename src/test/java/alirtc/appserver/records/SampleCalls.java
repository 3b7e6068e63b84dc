package alirtc.appserver.records;

import alirtc.appserver.call.CallNotice;
import alirtc.appserver.call.CallRecord;
import alirtc.appserver.call.CallRecord.Source;
import alirtc.appserver.call.EndReason;
import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.call.OpenRecord.DroppedStays;
import alirtc.appserver.call.OpenRecord.Start;
import alirtc.appserver.call.Stay;
import alirtc.appserver.config.WebhooksConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Calls by number, one a channel, each with three notices: that it started, that bob joined, and its end a minute later. */
public final class SampleCalls {
    private SampleCalls() {}

    /** Opens the records in a folder on the machine's clock, with messages of all types. */
    static FileRecords records(Path folder, SteadyClock clock) {
        return new FileRecords(
                folder,
                Duration.ofDays(90),
                Set.copyOf(WebhooksConfig.TYPES),
                clock,
                Thread::new,
                new Metrics().records());
    }

    /** Returns the machine's clock, as a server counts by it. */
    static SteadyClock clock() {
        return new SteadyClock(InstantSource.system(), System::nanoTime);
    }

    public static String id(int n) {
        return "%016x".formatted(n);
    }

    public static ChannelId channel(int n) {
        return new ChannelId("room-" + n);
    }

    static OpenRecord open(int n, int told, Instant start) {
        return new OpenRecord(
                id(n),
                told,
                0,
                new Start(start, true, true),
                null,
                false,
                false,
                start,
                List.of(),
                DroppedStays.NONE,
                null,
                null);
    }

    static CallRecord record(int n, Instant start) {
        return record(n, start, 0);
    }

    /** Returns a record of a call that ended half a minute later by each correction. */
    private static CallRecord record(int n, Instant start, int correction) {
        return new CallRecord(
                id(n),
                channel(n),
                correction,
                start,
                start.plusSeconds(60 + 30L * correction),
                Duration.ofSeconds(50),
                List.of(new Stay("bob", "", start.plusSeconds(10), start.plusSeconds(60))),
                EndReason.LEFT,
                Source.EVENTS,
                Optional.of(Duration.ofSeconds(1)));
    }

    /** Has a journal take a correction of the record of a call. */
    public static void correct(CallJournal journal, int n, Instant start) {
        var at = start.plusSeconds(90);
        journal.append(
                channel(n),
                null,
                List.of(new CallNotice(
                        CallNotice.Type.ENDED, id(n), 4, channel(n), at, start, null, null, record(n, start, 1))));
    }

    private static CallNotice notice(CallNotice.Type type, int n, int seq, Instant start) {
        var ended = type == CallNotice.Type.ENDED;
        return new CallNotice(
                type,
                id(n),
                seq,
                channel(n),
                ended ? start.plusSeconds(60) : start,
                start,
                type == CallNotice.Type.USER_JOINED ? "bob" : null,
                null,
                ended ? record(n, start) : null);
    }

    /** Has a journal take the beginning of a call. */
    public static void begin(CallJournal journal, int n, Instant start) {
        journal.append(channel(n), open(n, 1, start), List.of(notice(CallNotice.Type.STARTED, n, 1, start)));
        journal.append(channel(n), open(n, 2, start), List.of(notice(CallNotice.Type.USER_JOINED, n, 2, start)));
    }

    /** Has a journal take the end of a call. */
    public static void end(CallJournal journal, int n, Instant start) {
        journal.append(channel(n), null, List.of(notice(CallNotice.Type.ENDED, n, 3, start)));
    }
}
