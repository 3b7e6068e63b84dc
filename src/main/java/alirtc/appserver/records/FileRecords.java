package alirtc.appserver.records;

import alirtc.appserver.call.CallNotice;
import alirtc.appserver.call.CallRecord;
import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.metrics.RecordMetrics;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Records of calls, and what is to be told of them, in a file of this server's own. What is told to have been written
 * down survives the end of the process, however it ends, and of the machine. Thread-safe; never blocks its callers.
 */
public final class FileRecords implements RecordStore, CallJournal, Outbox {
    /** How often {@link #expire} is to be called. */
    public static final Duration EXPIRE_INTERVAL = Duration.ofMinutes(1);

    private static final int MAX_EXPIRED_AT_ONCE = 5000;

    private final SteadyClock clock;
    private final Duration keep;
    private final Set<String> told;
    private final NoticeJson notices;
    private final RecordJson records;
    private final OpenRecordJson openRecords;
    private final RecordWriter writer;
    private volatile Map<ChannelId, OpenRecord> found = Map.of();
    private volatile Counts counts = new Counts(0, 0);
    private volatile Runnable onArrival = () -> {};

    /** Until when calls are left alone of which a message was taken. Of the writer's thread alone, as what follows. */
    private final Map<String, Long> leases = new HashMap<>();

    private boolean arrived;
    private @Nullable String expireFrom;

    /**
     * Opens the records in a folder, or goes on trying that.
     *
     * @param keep how long they are kept
     * @param told the types of the messages that are to be delivered; none without a receiver
     * @param clock what calls are counted by
     * @param threads makes the one thread that uses the file
     */
    public FileRecords(
            Path folder,
            Duration keep,
            Set<String> told,
            SteadyClock clock,
            ThreadFactory threads,
            RecordMetrics metrics) {
        this.clock = clock;
        this.keep = keep;
        this.told = Set.copyOf(told);
        this.notices = new NoticeJson(clock);
        this.records = new RecordJson(clock);
        this.openRecords = new OpenRecordJson(clock);
        this.writer = new RecordWriter(folder, clock, threads, metrics, this::opened, this::committed);
    }

    private void opened(RecordFile file) {
        var open = new HashMap<ChannelId, OpenRecord>();
        file.calls().allOpen().forEach((callId, text) -> {
            var one = readOpen(text);
            if (one.isEmpty() || one.get().endedAt() != null) {
                file.calls().removeOpen(callId);
            } else {
                // Of two in a channel the other stays for the start after this one.
                open.merge(channelOf(text), one.get(), FileRecords::later);
            }
        });
        var channels = new HashMap<String, String>();
        open.forEach((channel, one) -> channels.put(channel.value(), one.callId()));
        file.calls().startOver(channels);
        found = Map.copyOf(open);
    }

    /** Returns a text that tells the channel, too, whose name has no blank. */
    private String writeOpen(ChannelId channel, OpenRecord open) {
        return channel.value() + " " + openRecords.write(open);
    }

    private Optional<OpenRecord> readOpen(String text) {
        return openRecords.read(text.substring(text.indexOf(' ') + 1));
    }

    private static ChannelId channelOf(String text) {
        return new ChannelId(text.substring(0, text.indexOf(' ')));
    }

    private static OpenRecord later(OpenRecord one, OpenRecord other) {
        return one.seenAt().isBefore(other.seenAt()) ? other : one;
    }

    private void committed(RecordFile file) {
        counts = file.messages().counts();
        if (arrived) {
            arrived = false;
            onArrival.run();
        }
    }

    @Override
    public void append(ChannelId channel, @Nullable OpenRecord open, List<CallNotice> happened) {
        writer.keep(file -> write(file, channel, open, happened));
    }

    private void write(RecordFile file, ChannelId channel, @Nullable OpenRecord open, List<CallNotice> happened) {
        var now = clock.instant();
        file.calls()
                .putOpen(
                        channel.value(),
                        open == null ? null : open.callId(),
                        open == null ? null : writeOpen(channel, open));
        for (var notice : happened) {
            var record = notice.record();
            if (record != null) {
                file.calls().putEnded(record.callId(), wallMillis(record.endedAt()), records.write(record));
            }
            if (told.contains(notice.type().word())) {
                arrived |= file.messages().add(notices.message(notice, now));
            }
        }
    }

    private long wallMillis(Instant steady) {
        return clock.toWall(steady).toEpochMilli();
    }

    @Override
    public Map<ChannelId, OpenRecord> openAtStart() {
        return found;
    }

    @Override
    public CompletableFuture<List<CallRecord>> endedBetween(Instant from, Instant until, int max) {
        return writer.read(file -> records(file.calls().endedBetween(wallMillis(from), wallMillis(until), max)));
    }

    @Override
    public CompletableFuture<List<CallRecord>> newest(int max) {
        return writer.read(file -> records(file.calls().newest(max)));
    }

    private List<CallRecord> records(List<String> texts) {
        return texts.stream().map(records::read).flatMap(Optional::stream).toList();
    }

    @Override
    public boolean isWritable() {
        return writer.isWritable();
    }

    @Override
    public CompletableFuture<List<Message>> takeDue(int max) {
        return writer.read(file -> file.messages().takeDue(clock.instant(), max, leases));
    }

    @Override
    public CompletableFuture<?> delivered(Message message) {
        return settled(message, (table, now) -> table.remove(message, now));
    }

    @Override
    public CompletableFuture<?> failed(Message message, Instant nextAttemptAt) {
        return settled(message, (table, now) -> {
            table.postpone(message, nextAttemptAt);
            return false;
        });
    }

    @Override
    public CompletableFuture<?> gaveUp(Message message) {
        return settled(message, (table, now) -> table.giveUp(message, now));
    }

    /** Ends the turn of a message; what is done returns whether another of its call may be sent now. */
    private CompletableFuture<?> settled(Message message, BiFunction<MessageTable, Instant, Boolean> end) {
        return writer.change(file -> {
            arrived |= end.apply(file.messages(), clock.instant());
            leases.remove(message.callId());
            return message;
        });
    }

    @Override
    public CompletableFuture<List<Message>> waiting(int max) {
        return writer.read(file -> file.messages().waiting(max));
    }

    @Override
    public CompletableFuture<List<Message>> givenUp(int max) {
        return writer.read(file -> file.messages().givenUp(max));
    }

    @Override
    public CompletableFuture<Boolean> resend(String id) {
        return writer.change(file -> {
            boolean again = file.messages().resend(id, clock.instant());
            arrived |= again;
            return again;
        });
    }

    @Override
    public Counts counts() {
        return counts;
    }

    @Override
    public void onArrival(Runnable task) {
        onArrival = task;
    }

    /** Forgets some of what is older than it is to be kept. */
    public void expire() {
        // Whether the file can be written is told elsewhere, and the next time is soon.
        var unused = writer.change(file -> {
                    var now = clock.instant();
                    var before = now.minus(keep);
                    file.calls().expire(wallMillis(before), MAX_EXPIRED_AT_ONCE);
                    expireFrom = file.messages().expire(before, now, expireFrom, MAX_EXPIRED_AT_ONCE);
                    leases.values().removeIf(until -> until <= now.toEpochMilli());
                    return true;
                })
                .thenCompose(expired -> writer.read(file -> {
                    file.compact();
                    return true;
                }));
    }

    @Override
    public void close() {
        writer.close();
    }
}
