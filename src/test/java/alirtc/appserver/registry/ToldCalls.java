package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallRecord;
import alirtc.appserver.call.EndReason;
import alirtc.appserver.call.Stay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What was told of calls, and whether it makes sense to somebody who bills for them. */
record ToldCalls(List<Told> all) {
    /** Of so few stays none was left out: a record has 32 at the most. */
    private static final int FEW_STAYS = 16;

    /**
     * One notice.
     *
     * @param type as receivers know it
     * @param record of a call that is over
     */
    record Told(String callId, int seq, String type, Optional<CallRecord> record) {}

    private Map<String, List<Told>> byCall() {
        var calls = new LinkedHashMap<String, List<Told>>();
        all.forEach(told ->
                calls.computeIfAbsent(told.callId(), id -> new ArrayList<>()).add(told));
        return calls;
    }

    /** Returns the record that counts of each call that is over: the one with the highest number. */
    Map<String, CallRecord> records() {
        var records = new LinkedHashMap<String, CallRecord>();
        all.forEach(told -> told.record().ifPresent(record -> records.put(record.callId(), record)));
        return records;
    }

    /** Returns how often something was told. */
    long count(String type) {
        return all.stream().filter(told -> told.type().equals(type)).count();
    }

    /** Makes sure that each call is told from its beginning to its one end, its records corrected one by one. */
    void assertComplete() {
        byCall().forEach((callId, told) -> {
            for (int i = 0; i < told.size(); i++) {
                assertEquals(i + 1, told.get(i).seq(), () -> "a gap in " + told);
            }
            assertEquals("call.started", told.get(0).type());
            assertEquals(1, count(told, "call.started"), told::toString);
            assertTrue(count(told, "call.ending") <= 1, told::toString);
            assertEquals("call.ended", told.get(told.size() - 1).type(), () -> "no end of " + told);
            var records = told.stream().flatMap(one -> one.record().stream()).toList();
            assertEquals(records.size(), count(told, "call.ended"));
            for (int i = 0; i < records.size(); i++) {
                assertEquals(i, records.get(i).correction(), told::toString);
                assertEquals(callId, records.get(i).callId());
                assertMakesSense(records.get(i));
            }
            assertEachLeavesOnce(told);
        });
    }

    private static long count(List<Told> told, String type) {
        return told.stream().filter(one -> one.type().equals(type)).count();
    }

    private static void assertEachLeavesOnce(List<Told> told) {
        int there = 0;
        for (var one : told) {
            switch (one.type()) {
                case "call.user_joined" -> there++;
                case "call.user_left" -> there--;
                case "call.ended" -> assertEquals(0, there, () -> "somebody is left in " + told);
                default -> {}
            }
            assertTrue(there >= 0, () -> "somebody left who was not there: " + told);
        }
    }

    private static void assertMakesSense(CallRecord record) {
        assertFalse(record.endedAt().isBefore(record.startedAt()), record::toString);
        for (var stay : record.stays()) {
            assertFalse(stay.joinedAt().isBefore(record.startedAt()), record::toString);
            assertFalse(leftAt(stay).isBefore(stay.joinedAt()), record::toString);
            assertFalse(leftAt(stay).isAfter(record.endedAt()), record::toString);
        }
        var talked = talked(record);
        if (record.stays().size() < FEW_STAYS) {
            assertEquals(talked, record.talked(), record::toString);
        }
        assertTrue(talked.compareTo(record.talked()) <= 0, record::toString);
        assertTrue(
                record.talked().compareTo(Duration.between(record.startedAt(), record.endedAt())) <= 0,
                record::toString);
        assertFalse(record.error().filter(Duration::isNegative).isPresent(), record::toString);
    }

    private static Instant leftAt(Stay stay) {
        return Optional.ofNullable(stay.leftAt()).orElseThrow();
    }

    /** Counts again how long two or more were there, by another way: between each two moments at which anything changes. */
    private static Duration talked(CallRecord record) {
        var moments = new TreeSet<Instant>();
        for (var stay : record.stays()) {
            moments.add(stay.joinedAt());
            moments.add(leftAt(stay));
        }
        var talked = Duration.ZERO;
        var times = List.copyOf(moments);
        for (int i = 1; i < times.size(); i++) {
            var middle = times.get(i - 1)
                    .plus(Duration.between(times.get(i - 1), times.get(i)).dividedBy(2));
            Set<String> there = new HashSet<>();
            for (var stay : record.stays()) {
                if (!stay.joinedAt().isAfter(middle) && leftAt(stay).isAfter(middle)) {
                    there.add(stay.user());
                }
            }
            if (there.size() > 1) {
                talked = talked.plus(Duration.between(times.get(i - 1), times.get(i)));
            }
        }
        return talked;
    }

    /** Makes sure that those calls ended by the rules that were, and no others; some by a restart are lost. */
    void assertEnded(Map<String, EndReason> byRules, boolean restarted) {
        records().forEach((callId, record) -> {
            var reason = record.endReason();
            assertEquals(
                    Optional.ofNullable(byRules.get(callId)),
                    Optional.of(reason).filter(why -> why == EndReason.LIMIT || why == EndReason.ALONE),
                    record::toString);
            assertTrue(restarted || record.endReason() != EndReason.LOST, record::toString);
        });
    }
}
