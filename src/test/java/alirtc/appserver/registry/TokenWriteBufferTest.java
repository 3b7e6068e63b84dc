package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Evidence;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.call.Tickets;
import alirtc.appserver.time.ManualTime;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tokens that are written when the test says so. */
class TokenWriteBufferTest {
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Tokens that are being written. */
    private record Write(ChannelId channel, List<Ticket> tickets, CompletableFuture<Optional<ChannelState>> done) {
        void succeed() {
            var ann = new UserId("ann");
            done.complete(
                    Optional.of(ChannelState.begun(channel, 1, Tickets.of(ann, Instant.EPOCH), TestPolicies.SEATLESS)));
        }
    }

    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00Z"));
    private final Deque<Write> work = new ArrayDeque<>();
    private final TokenWriteBuffer buffer = new TokenWriteBuffer(this::write, time.wall(), new Timers(time));

    private boolean failing;

    private CompletableFuture<Optional<ChannelState>> write(ChannelId channel, List<Ticket> tickets) {
        if (failing) {
            throw new InternalError("as a test wants it");
        }
        var write = new Write(channel, tickets, new CompletableFuture<>());
        work.add(write);
        return write.done;
    }

    private CompletableFuture<Optional<ChannelState>> add(int user) {
        return buffer.add(ROOM, new Ticket("u" + user, time.wall().instant(), null));
    }

    @Test
    void add_oneToken_isWrittenAtOnce() {
        var written = add(1);
        assertFalse(written.isDone());
        assertEquals("u1", work.element().tickets().get(0).user());
        work.remove().succeed();
        assertTrue(written.join().isPresent());
        time.advance(PAUSE);
        assertTrue(work.isEmpty(), "nothing more is to be written");
    }

    @Test
    void add_manyTokensOfAChannel_areMergedAndTheLatestKept() {
        var last = add(0);
        for (int user = 1; user < 50_000; user++) {
            last = add(user);
        }
        assertEquals(1, work.element().tickets().size());
        work.remove().succeed();
        assertTrue(work.isEmpty(), "written again without a pause");
        time.advance(PAUSE);
        var merged = work.remove();
        assertEquals(Evidence.MAX_TICKETS, merged.tickets().size());
        assertEquals("u49999", merged.tickets().get(Evidence.MAX_TICKETS - 1).user());
        assertFalse(last.isDone());
        merged.succeed();
        assertTrue(last.join().isPresent());
        time.advance(PAUSE);
        assertTrue(work.isEmpty(), "nothing more is to be written");
    }

    @Test
    void add_manyTokensOfWhichOneLimitsTheCall_keepsThatBesideTheLatest() {
        var first = add(0);
        var limited = new Ticket("ann", time.wall().instant(), Duration.ofMinutes(5));
        var waiting = buffer.add(ROOM, limited);
        for (int user = 1; user < 100; user++) {
            waiting = add(user);
        }
        work.remove().succeed();
        time.advance(PAUSE);
        var merged = work.remove().tickets();
        assertEquals(Evidence.MAX_TICKETS, merged.size());
        assertEquals(limited, merged.get(0));
        assertEquals("u99", merged.get(Evidence.MAX_TICKETS - 1).user());
        assertTrue(first.isDone());
        assertFalse(waiting.isDone());
    }

    @Test
    void add_moreChannelsThanFit_areDroppedAndLaterTakenAgain() {
        for (int i = 0; i < 10_500; i++) {
            var ignored = buffer.add(new ChannelId("c" + i), new Ticket("ann", Instant.EPOCH, null));
            assertEquals(i >= 10_000, ignored.isCompletedExceptionally());
        }
        assertEquals(10_000, work.size());
        work.forEach(Write::succeed);
        work.clear();
        assertFalse(add(1).isCompletedExceptionally());
        assertEquals(1, work.size());
    }

    private void retry() {
        time.advance(Duration.ofSeconds(1));
    }

    private List<String> users() {
        return work.element().tickets().stream().map(Ticket::user).toList();
    }

    @Test
    void add_storeThrows_isToldAndWrittenLater() {
        failing = true;
        assertTrue(add(1).isCompletedExceptionally());
        failing = false;
        var written = add(2);
        assertTrue(work.isEmpty());
        retry();
        assertEquals(List.of("u1", "u2"), users());
        work.remove().succeed();
        assertTrue(written.join().isPresent());
        retry();
        assertTrue(work.isEmpty(), "nothing more is to be written");
    }

    @Test
    void add_storeAway_isWrittenOnceThatIsBack() {
        var first = add(1);
        for (int second = 0; second < 100; second++) {
            work.remove().done().completeExceptionally(new RegistryException("away"));
            assertTrue(first.isCompletedExceptionally());
            retry();
        }
        assertEquals(List.of("u1"), users());
        for (int user = 2; user < 100; user++) {
            first = add(user);
        }
        work.remove().done().completeExceptionally(new RegistryException("away"));
        retry();
        assertEquals(Evidence.MAX_TICKETS, users().size());
        assertEquals("u99", users().get(Evidence.MAX_TICKETS - 1));
        assertFalse(first.isDone());
    }

    @Test
    void add_storeAwayForTenMinutes_isDropped() {
        var written = add(1);
        for (int second = 0; second < 600; second++) {
            work.remove().done().completeExceptionally(new RegistryException("away"));
            retry();
        }
        work.remove().done().completeExceptionally(new RegistryException("away"));
        retry();
        assertTrue(work.isEmpty());
        assertTrue(written.isCompletedExceptionally());
    }

    private List<String> unwritten() {
        return buffer.unwritten(ROOM).stream().map(Ticket::user).toList();
    }

    @Test
    void unwritten_untilTheyAreWritten_areAllInOrder() {
        var unused1 = add(1);
        var unused2 = add(2);
        assertEquals(List.of("u1", "u2"), unwritten());
        work.remove().done().completeExceptionally(new RegistryException("away"));
        var unused3 = add(3);
        assertEquals(List.of("u1", "u2", "u3"), unwritten());
        retry();
        var unused4 = add(4);
        assertEquals(List.of("u1", "u2", "u3", "u4"), unwritten());
        work.remove().succeed();
        assertEquals(List.of("u4"), unwritten());
        time.advance(PAUSE);
        work.remove().succeed();
        assertEquals(List.of(), unwritten());
    }

    @Test
    void written_tokensThatWait_isDoneWhenTheyAreWritten() {
        assertTrue(buffer.written(ROOM).isDone());
        var unused1 = add(1);
        var first = buffer.written(ROOM);
        var unused2 = add(2);
        var both = buffer.written(ROOM);
        assertFalse(first.isDone());
        work.remove().succeed();
        assertTrue(first.isDone());
        assertFalse(both.isDone());
        time.advance(PAUSE);
        work.remove().succeed();
        assertTrue(both.isDone());
        assertTrue(buffer.written(ROOM).isDone());
    }

    @Test
    void written_storeAway_failsWithEachAttempt() {
        var unused1 = add(1);
        var first = buffer.written(ROOM);
        work.remove().done().completeExceptionally(new RegistryException("away"));
        assertTrue(first.isCompletedExceptionally());
        var second = buffer.written(ROOM);
        assertFalse(second.isDone());
        retry();
        work.remove().succeed();
        assertTrue(second.isDone());
    }
}
