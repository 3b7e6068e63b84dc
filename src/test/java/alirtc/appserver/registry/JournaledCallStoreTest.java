package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallNotice;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JournaledCallStoreTest {
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private Instant now = T0;
    private final KeptJournal journal = new KeptJournal();
    private final MemoryCallStore memory =
            new MemoryCallStore(CallRules.NONE, 100, new SteadyClock(() -> now, Stores.nanos(() -> now)), gone -> {});
    private final AwaitedRegistry registry = Stores.over(new JournaledCallStore(memory, journal));

    private void look(double seconds, String... users) {
        now = T0.plusMillis((long) (seconds * 1000));
        registry.observed(ROOM, new Observation(now, now, ShownUsers.users(users)));
    }

    private List<String> told() {
        return journal.notices().stream()
                .map(CallNotice::type)
                .map(CallNotice.Type::word)
                .toList();
    }

    @Test
    void call_fromBeginningToEnd_isInTheJournalAsLongAsItGoesOn() {
        registry.tokenIssued(ROOM, new UserId("ann"), now);
        assertEquals(Map.of(), journal.openAtStart());
        look(5, "ann");
        assertEquals(List.of("call.started", "call.user_joined"), told());
        look(35, "ann");
        assertEquals(
                T0.plusSeconds(35),
                Objects.requireNonNull(journal.openAtStart().get(ROOM)).seenAt());
        look(65);
        look(68);
        assertEquals(Map.of(), journal.openAtStart());
        assertEquals(List.of("call.started", "call.user_joined", "call.user_left", "call.ended"), told());
    }

    @Test
    void change_nothingNew_isNotWrittenDown() {
        registry.tokenIssued(ROOM, new UserId("ann"), now);
        look(5, "ann");
        registry.lookupFailed(ROOM);
        registry.postponePoll(registry.find(ROOM).orElseThrow());
        assertEquals(2, journal.notices().size());
        assertEquals(1, journal.appended());
    }

    @Test
    void change_manyThreadsInOneChannel_areWrittenDownInTheirOrder() throws Exception {
        registry.tokenIssued(ROOM, new UserId("ann"), now);
        look(5, "ann");
        var state = registry.find(ROOM).orElseThrow();
        var threads = Executors.newFixedThreadPool(8);
        try {
            var done = new ArrayList<Future<?>>();
            for (int thread = 0; thread < 8; thread++) {
                int number = thread;
                done.add(threads.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        var askedAt = T0.plusSeconds(6).plusNanos(i);
                        registry.observed(
                                ROOM,
                                new Observation(askedAt, askedAt, ShownUsers.users("ann", "u" + number + "x" + i % 7)));
                    }
                }));
            }
            for (var one : done) {
                one.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        registry.ended(state);
        journal.told().assertComplete();
        assertTrue(journal.notices().size() > 10);
    }

    @Test
    void resume_whatWasWrittenDown_isBelievedUntilLookupsTell() {
        registry.tokenIssued(ROOM, new UserId("ann"), now);
        look(5, "ann");
        var open = journal.openAtStart();
        now = T0.plusSeconds(100);
        var later = Stores.over(new JournaledCallStore(
                new MemoryCallStore(
                        CallRules.NONE, 100, new SteadyClock(() -> now, Stores.nanos(() -> now)), gone -> {}),
                journal));
        later.resume(open);
        assertEquals(T0.plusSeconds(100), later.find(ROOM).orElseThrow().call().safeStart());
        now = T0.plusSeconds(101);
        assertEquals(
                List.of(ROOM),
                later.due().stream().map(state -> state.channel()).toList());
        assertEquals(open.keySet(), journal.openAtStart().keySet());
    }

    @Test
    void resume_channelOfWhichMoreIsKnown_isLeftAsItIs() {
        registry.tokenIssued(ROOM, new UserId("ann"), now);
        look(5, "ann");
        var known = registry.find(ROOM);
        registry.resume(journal.openAtStart());
        assertEquals(known, registry.find(ROOM));
    }
}
