package alirtc.appserver.records;

import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.time.SteadyClock;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/**
 * What is on record so far of a call as JSON that outlives the server: times are those of the machine's clock.
 * Thread-safe.
 */
final class OpenRecordJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final ObjectReader READER = JSON.readerFor(OpenRecordText.class);
    private static final ObjectWriter WRITER = JSON.writerFor(OpenRecordText.class);

    private final SteadyClock clock;

    /**
     * Builds a translator.
     *
     * @param clock the clock that the times on record are by
     */
    OpenRecordJson(SteadyClock clock) {
        this.clock = clock;
    }

    /** Returns what is on record as JSON. */
    String write(OpenRecord open) {
        try {
            return WRITER.writeValueAsString(OpenRecordText.of(open, WallTimes.by(clock)::wall));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record cannot be written", e);
        }
    }

    /** Returns what was on record; nothing if the text is none of it. */
    Optional<OpenRecord> read(String text) {
        try {
            OpenRecordText fields = READER.readValue(text);
            return Optional.of(fields.toOpenRecord(WallTimes.by(clock)::steady));
        } catch (JsonProcessingException | NullPointerException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
