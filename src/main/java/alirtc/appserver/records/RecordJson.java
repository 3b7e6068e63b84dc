package alirtc.appserver.records;

import alirtc.appserver.call.CallRecord;
import alirtc.appserver.call.CallRecord.Source;
import alirtc.appserver.call.EndReason;
import alirtc.appserver.call.Stay;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The record of a call as JSON, as it is kept and as receivers and the operator's backend get it. Times are those of the
 * machine's clock, to the millisecond. Fields may be added; none changes or goes. Thread-safe.
 */
public final class RecordJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final ObjectReader READER = JSON.readerFor(Fields.class);
    private static final ObjectWriter WRITER = JSON.writerFor(Fields.class);

    private final SteadyClock clock;

    /**
     * A record by the names that its fields have in JSON.
     *
     * @param durationMillis from {@code startedAtMillis} to {@code endedAtMillis}
     * @param talkMillis of these, while two or more were there
     * @param errorMillis how much the duration may be off; null if nobody can tell
     */
    public record Fields(
            String callId,
            String channel,
            int correction,
            String startedAt,
            long startedAtMillis,
            String endedAt,
            long endedAtMillis,
            long durationMillis,
            long talkMillis,
            List<StayFields> users,
            String endReason,
            String evidence,
            @Nullable Long errorMillis) {}

    /**
     * A stay by the names that its fields have in JSON.
     *
     * @param session empty if only lookups told of the stay
     */
    public record StayFields(
            String user, String session, String joinedAt, long joinedAtMillis, String leftAt, long leftAtMillis) {}

    /**
     * Builds a translator.
     *
     * @param clock the clock that the times of records are by
     */
    public RecordJson(SteadyClock clock) {
        this.clock = clock;
    }

    /** Returns a record as JSON. */
    public String write(CallRecord record) {
        try {
            return WRITER.writeValueAsString(fields(record));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record cannot be written", e);
        }
    }

    /** Returns the fields of a record. */
    public Fields fields(CallRecord record) {
        var times = WallTimes.by(clock);
        long started = times.millis(record.startedAt());
        long ended = times.millis(record.endedAt());
        return new Fields(
                record.callId(),
                record.channel().value(),
                record.correction(),
                times.text(record.startedAt()),
                started,
                times.text(record.endedAt()),
                ended,
                ended - started,
                record.talked().toMillis(),
                record.stays().stream().map(stay -> fields(stay, record, times)).toList(),
                word(record.endReason()),
                word(record.evidence()),
                record.error().map(error -> error.plusNanos(999_999).toMillis()).orElse(null));
    }

    private static StayFields fields(Stay stay, CallRecord record, WallTimes times) {
        var leftAt = stay.leftAt() == null ? record.endedAt() : stay.leftAt();
        return new StayFields(
                stay.user(),
                stay.session(),
                times.text(stay.joinedAt()),
                times.millis(stay.joinedAt()),
                times.text(leftAt),
                times.millis(leftAt));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the record that was written; nothing if the text is no record. */
    public Optional<CallRecord> read(String text) {
        try {
            Fields fields = READER.readValue(text);
            return Optional.of(record(fields, WallTimes.by(clock)));
        } catch (JsonProcessingException | NullPointerException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static CallRecord record(Fields fields, WallTimes times) {
        return new CallRecord(
                fields.callId,
                new ChannelId(fields.channel),
                fields.correction,
                times.instant(fields.startedAtMillis),
                times.instant(fields.endedAtMillis),
                Duration.ofMillis(fields.talkMillis),
                fields.users.stream()
                        .map(stay -> new Stay(
                                stay.user,
                                stay.session,
                                times.instant(stay.joinedAtMillis),
                                times.instant(stay.leftAtMillis)))
                        .toList(),
                EndReason.valueOf(fields.endReason.toUpperCase(Locale.ROOT)),
                Source.valueOf(fields.evidence.toUpperCase(Locale.ROOT)),
                Optional.ofNullable(fields.errorMillis).map(Duration::ofMillis));
    }
}
