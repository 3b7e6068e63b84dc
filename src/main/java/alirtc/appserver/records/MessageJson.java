package alirtc.appserver.records;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;

/** A message that is to be delivered as text, as it is kept in a file. */
final class MessageJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private MessageJson() {}

    private record Kept(
            String id, String callId, int seq, String type, String body, long createdAtMillis, int attempts) {}

    static String write(Outbox.Message message) {
        try {
            return JSON.writeValueAsString(new Kept(
                    message.id(),
                    message.callId(),
                    message.seq(),
                    message.type(),
                    message.body(),
                    message.createdAt().toEpochMilli(),
                    message.attempts()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A message cannot be written", e);
        }
    }

    static Outbox.Message read(String text) {
        try {
            var kept = JSON.readValue(text, Kept.class);
            return new Outbox.Message(
                    kept.id,
                    kept.callId,
                    kept.seq,
                    kept.type,
                    kept.body,
                    Instant.ofEpochMilli(kept.createdAtMillis),
                    kept.attempts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A message that was kept cannot be read", e);
        }
    }
}
