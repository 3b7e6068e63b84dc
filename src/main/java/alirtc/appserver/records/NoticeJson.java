package alirtc.appserver.records;

import alirtc.appserver.call.CallNotice;
import alirtc.appserver.time.SteadyClock;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a call as the JSON that a receiver gets. Times are those of the machine's clock. Fields may be added
 * under the same version; whatever else changes needs a higher one. Thread-safe.
 */
public final class NoticeJson {
    private static final int VERSION = 1;
    private static final ObjectWriter WRITER = JsonMapper.builder().build().writerFor(Envelope.class);

    private final SteadyClock clock;
    private final RecordJson records;

    /**
     * A message by the names that its fields have in JSON.
     *
     * @param timestamp when it happened
     */
    private record Envelope(String type, String timestamp, Data data) {}

    /**
     * What it tells.
     *
     * @param endsAt when the limit is reached, of an ending call
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Data(
            int version,
            String callId,
            int seq,
            String channel,
            String at,
            long atMillis,
            String startedAt,
            long startedAtMillis,
            @Nullable String user,
            @Nullable String endsAt,
            @Nullable Long endsAtMillis,
            RecordJson.@Nullable Fields record) {}

    /**
     * Builds a translator.
     *
     * @param clock the clock that the times of notices are by
     */
    public NoticeJson(SteadyClock clock) {
        this.clock = clock;
        this.records = new RecordJson(clock);
    }

    /**
     * Returns the message that tells what happened, of which no attempt failed yet.
     *
     * @param createdAt when it is written down
     */
    public Outbox.Message message(CallNotice notice, Instant createdAt) {
        return new Outbox.Message(
                id(notice), notice.callId(), notice.seq(), notice.type().word(), write(notice), createdAt, 0);
    }

    private static String id(CallNotice notice) {
        return "msg_" + notice.callId() + "_" + notice.seq();
    }

    /** Returns the body of the message. */
    String write(CallNotice notice) {
        var times = WallTimes.by(clock);
        var endsAt = notice.endsAt();
        var record = notice.record();
        var data = new Data(
                VERSION,
                notice.callId(),
                notice.seq(),
                notice.channel().value(),
                times.text(notice.at()),
                times.millis(notice.at()),
                times.text(notice.startedAt()),
                times.millis(notice.startedAt()),
                notice.user(),
                endsAt == null ? null : times.text(endsAt),
                endsAt == null ? null : Long.valueOf(times.millis(endsAt)),
                record == null ? null : records.fields(record));
        try {
            return WRITER.writeValueAsString(new Envelope(notice.type().word(), times.text(notice.at()), data));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A notice cannot be written", e);
        }
    }
}
