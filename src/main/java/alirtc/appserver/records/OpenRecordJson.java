package alirtc.appserver.records;

import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is on record so far of a call as text, for the next start of the server: JSON by the names of the components, times
 * of the machine's clock and durations in nanoseconds. A text of another version is read as far as its names are known.
 * Thread-safe.
 */
final class OpenRecordJson {
    private static final long NANOS = 1_000_000_000;

    private final JsonMapper json;

    /**
     * What is on record, and in which channel.
     *
     * @param channel its name
     */
    private record Held(String channel, OpenRecord open) {}

    /** What is on record of the call in a channel. */
    record InChannel(ChannelId channel, OpenRecord open) {}

    /**
     * Builds a translator.
     *
     * @param clock the clock that the times of records are by
     */
    OpenRecordJson(SteadyClock clock) {
        var times = new SimpleModule()
                .addSerializer(Instant.class, new TimeWriter(clock))
                .addDeserializer(Instant.class, new TimeReader(clock))
                .addSerializer(Duration.class, new DurationWriter())
                .addDeserializer(Duration.class, new DurationReader());
        this.json = JsonMapper.builder()
                .addModule(times)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                .build();
    }

    String write(ChannelId channel, OpenRecord open) {
        try {
            return json.writeValueAsString(new Held(channel.value(), open));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An open record cannot be written", e);
        }
    }

    /** Returns what was written; nothing if the text tells no call. */
    Optional<InChannel> read(String text) {
        try {
            var held = json.readValue(text, Held.class);
            return Optional.of(new InChannel(new ChannelId(held.channel()), held.open()));
        } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static final class TimeWriter extends JsonSerializer<Instant> {
        private final SteadyClock clock;

        TimeWriter(SteadyClock clock) {
            this.clock = clock;
        }

        @Override
        public void serialize(Instant time, JsonGenerator out, SerializerProvider all) throws IOException {
            var wall = clock.toWall(time);
            out.writeNumber(wall.getEpochSecond() * NANOS + wall.getNano());
        }
    }

    private static final class TimeReader extends JsonDeserializer<Instant> {
        private final SteadyClock clock;

        TimeReader(SteadyClock clock) {
            this.clock = clock;
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext all) throws IOException {
            return clock.fromWall(Instant.EPOCH.plusNanos(in.getLongValue()));
        }
    }

    private static final class DurationWriter extends JsonSerializer<Duration> {
        @Override
        public void serialize(Duration duration, JsonGenerator out, SerializerProvider all) throws IOException {
            out.writeNumber(duration.toNanos());
        }
    }

    private static final class DurationReader extends JsonDeserializer<Duration> {
        @Override
        public Duration deserialize(JsonParser in, DeserializationContext all) throws IOException {
            return Duration.ofNanos(in.getLongValue());
        }
    }
}
