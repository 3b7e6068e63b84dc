package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MemoryCallStoreTest {
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private Instant now = T0;
    private final AwaitedRegistry registry =
            Stores.inMemory(CallRules.limit(Duration.ofMinutes(2)), 10, TestPolicies.SEATLESS, () -> now);

    private int due(int second) {
        now = T0.plusSeconds(second);
        return registry.due().size();
    }

    private void look(double second, String... users) {
        var at = T0.plusMillis((long) (second * 1000));
        registry.observed(ROOM, new Observation(at, at, ShownUsers.users(users)));
    }

    @Test
    void due_thePollStillWaitsForItsTurn_theDeadlineComesAllTheSame() {
        registry.tokenIssued(ROOM, new UserId("ann"), T0);
        look(0.1);
        look(1, "ann");
        assertEquals(0, due(30));
        assertEquals(1, due(32), "the poll, about which nothing is done");
        assertEquals(0, due(41));
        assertEquals(1, due(119), "the poll comes again");
        assertEquals(1, due(121));
    }

    @Test
    void due_nothingDoneAboutIt_comesAgain() {
        registry.tokenIssued(ROOM, new UserId("ann"), T0);
        assertEquals(1, due(6));
        assertEquals(0, due(7));
        assertEquals(1, due(17), "an error may have come between");
    }

    @Test
    void counts_callEnded_isKeptEnded() {
        registry.tokenIssued(ROOM, new UserId("ann"), T0);
        assertEquals(new CallStore.Counts(1, 0, 0), registry.counts());
        look(1, "ann");
        assertEquals(new CallStore.Counts(1, 1, 0), registry.counts());
        registry.ended(registry.find(ROOM).orElseThrow());
        assertEquals(new CallStore.Counts(1, 0, 1), registry.counts());
        registry.forget(registry.find(ROOM).orElseThrow());
        assertEquals(new CallStore.Counts(0, 0, 0), registry.counts());
        assertTrue(registry.find(ROOM).isEmpty());
    }
}
