package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.call.CallNotice;
import alirtc.appserver.call.CallRecord;
import alirtc.appserver.records.FileRecords;
import alirtc.appserver.records.Outbox;
import alirtc.appserver.records.Outbox.Message;
import alirtc.appserver.records.RecordJson;
import alirtc.appserver.records.RecordStore;
import alirtc.appserver.records.RedisRecords;
import alirtc.appserver.registry.ToldCalls.Told;
import alirtc.appserver.time.SteadyClock;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a store holds of calls on record. */
record KeptCalls(RecordStore records, Outbox outbox, RecordJson json) {
    /** What receivers can be told. */
    static final Set<String> EVERYTHING =
            Stream.of(CallNotice.Type.values()).map(CallNotice.Type::word).collect(Collectors.toSet());

    private static final int ALL = 10_000;

    static KeptCalls of(RedisRecords records, SteadyClock clock) {
        return new KeptCalls(records, records.outbox(), new RecordJson(clock));
    }

    static KeptCalls of(FileRecords records, SteadyClock clock) {
        return new KeptCalls(records, records, new RecordJson(clock));
    }

    /** Returns the messages that wait, each call's in their order; their records are those that are kept. */
    ToldCalls all() {
        var told = new ToldCalls(AwaitedRegistry.await(outbox.waiting(ALL)).stream()
                .sorted(Comparator.comparing(Message::callId).thenComparing(Message::seq))
                .map(message -> new Told(message.callId(), message.seq(), message.type(), record(message)))
                .toList());
        assertEquals(Set.copyOf(told.records().values()), Set.copyOf(AwaitedRegistry.await(records.newest(ALL))));
        return told;
    }

    private Optional<CallRecord> record(Message message) {
        try {
            var data = JsonMapper.builder().build().readTree(message.body()).path("data");
            return data.has("record") ? json.read(data.get("record").toString()) : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
