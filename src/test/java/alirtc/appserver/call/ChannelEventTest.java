package alirtc.appserver.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What events do to a channel: they are evidence, and a lookup has to agree. */
class ChannelEventTest {
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");
    private static final ChannelPolicy HEARD =
            new ChannelPolicy(SeatPolicy.UNLIMITED, TestPolicies.PROMPT, EventPolicy.HEARD, false);
    private static final ChannelPolicy RETURNING = new ChannelPolicy(
            SeatPolicy.UNLIMITED, new StartPolicy(true, Duration.ofSeconds(1)), EventPolicy.HEARD, false);
    private static final ChannelPolicy SEATS = new ChannelPolicy(
            new SeatPolicy(2, Duration.ofSeconds(30), Duration.ofHours(1)),
            TestPolicies.PROMPT,
            EventPolicy.HEARD,
            false);

    private static Instant at(double seconds) {
        return T0.plusMillis((long) (seconds * 1000));
    }

    private static ChannelEvent event(Kind kind, String user) {
        return new ChannelEvent(ROOM, kind, user, user + "-session");
    }

    private static Optional<ChannelState> look(ChannelState state, double at, ChannelPolicy policy, String... users) {
        return state.observed(9, new Observation(at(at), at(at + 0.1), ShownUsers.users(users)), policy);
    }

    /** Returns a call of Ann and Bob that began at 0 s, as events and lookups show it after 40 s. */
    private static ChannelState call(ChannelPolicy policy) {
        var alone = look(ChannelState.begun(ROOM, 1, Tickets.of(ANN, at(0)), policy), 0.1, policy)
                .orElseThrow()
                .told(event(Kind.JOIN, "ann"), at(1), policy)
                .tokenIssued(2, Tickets.of(BOB, at(5)), policy);
        return look(alone, 5.1, policy, "ann")
                .flatMap(state -> look(state.told(event(Kind.JOIN, "bob"), at(6), policy), 40, policy, "ann", "bob"))
                .orElseThrow();
    }

    /** Returns the call after both have left at 100 s. */
    private static ChannelState emptied(ChannelPolicy policy) {
        return call(policy)
                .told(event(Kind.LEAVE, "bob"), at(100), policy)
                .told(event(Kind.LEAVE, "ann"), at(100), policy);
    }

    private static ChannelState over(ChannelPolicy policy) {
        return look(emptied(policy), 100.1, policy).orElseThrow();
    }

    @Test
    void told_lastOneLeaves_aLookupThatAgreesEndsTheCall() {
        assertTrue(emptied(HEARD).isEmptiedByEvent());
        assertTrue(emptied(HEARD).isLive());
        assertEquals(Stage.OVER, over(HEARD).call().stage());
        assertFalse(over(HEARD).isLive());
    }

    @Test
    void told_lastOneLeavesAfterATokenThatALookupFromBeforeDecides_noCallBeginsWithThatToken() {
        var call = call(HEARD).tokenIssued(3, Tickets.of(new UserId("eve"), at(60)), HEARD);
        var pending = look(call, 60.1, HEARD).orElseThrow();
        assertTrue(pending.call().mayBeSuperseded());
        var told = pending.told(event(Kind.CLOSE, ""), at(62), HEARD);
        var decided = look(told, 61, HEARD, "ann", "bob").orElseThrow();
        assertTrue(decided.isEmptiedByEvent());
        assertFalse(decided.call().mayBeSuperseded(), "people of before were there after the token");
    }

    @Test
    void told_lastOneLeaves_aLookupThatWasSentBeforeDoesNotCount() {
        var shownBefore = look(emptied(HEARD), 99.9, HEARD, "ann", "bob").orElseThrow();
        assertTrue(shownBefore.isEmptiedByEvent());
        var emptyBefore = look(emptied(HEARD), 99.9, HEARD).orElseThrow();
        assertEquals(Stage.KNOWN, emptyBefore.call().stage());
        assertEquals(
                Stage.OVER, look(shownBefore, 100.2, HEARD).orElseThrow().call().stage());
    }

    @Test
    void told_lastOneLeavesByForgery_aLookupPutsItRight() {
        var right = look(emptied(HEARD), 100.1, HEARD, "ann", "bob").orElseThrow();
        assertEquals(call(HEARD).call().id(), right.call().id());
        assertEquals(at(0), right.call().safeStart());
        assertFalse(right.isEmptiedByEvent());
    }

    @Test
    void told_forgedLeaveOfOneWhoReturns_doesNotMoveTheStart() {
        var alone = look(call(RETURNING).told(event(Kind.LEAVE, "bob"), at(41), RETURNING), 42, RETURNING, "ann")
                .orElseThrow();
        var forged = alone.told(event(Kind.LEAVE, "ann"), at(50), RETURNING);
        var again = forged.tokenIssued(7, Tickets.of(ANN, at(51)), RETURNING);
        var seen = look(again, 51.1, RETURNING, "ann").orElseThrow();
        assertEquals(alone.call().id(), seen.call().id());
        assertEquals(at(0), seen.call().safeStart());
    }

    @Test
    void told_closed_isConfirmedByALookup() {
        var closed = call(HEARD).told(event(Kind.CLOSE, ""), at(100), HEARD);
        assertTrue(closed.isEmptiedByEvent());
        assertEquals(Stage.OVER, look(closed, 100.1, HEARD).orElseThrow().call().stage());
    }

    @Test
    void told_repeatedly_isNoNews() {
        var once = emptied(HEARD);
        assertSame(once, once.told(event(Kind.LEAVE, "ann"), at(101), HEARD));
        assertSame(once, once.told(event(Kind.JOIN, "ann"), at(101), HEARD));
    }

    @Test
    void told_lastOneLeavesWhileAnotherIsOnTheWay_theNextCallIsAwaited() {
        var state = call(HEARD).tokenIssued(3, Tickets.of(new UserId("eve"), at(90)), HEARD);
        state = look(state, 90.1, HEARD, "ann", "bob").orElseThrow();
        state = state.told(event(Kind.LEAVE, "ann"), at(95), HEARD).told(event(Kind.LEAVE, "bob"), at(95), HEARD);
        state = look(state, 95.1, HEARD).orElseThrow();
        assertFalse(state.isLive());
        assertEquals(at(90), state.call().safeStart());
        assertEquals(Stage.KNOWN, state.call().stage());
    }

    @Test
    void told_lastOneLeavesBeforeAnyLookupShowedThem_theCallIsNotLive() {
        var begun = look(ChannelState.begun(ROOM, 1, Tickets.of(ANN, at(0)), HEARD), 0.1, HEARD)
                .orElseThrow();
        var joined = begun.told(event(Kind.JOIN, "ann"), at(1), HEARD);
        assertTrue(joined.isLive());
        var left = joined.told(event(Kind.LEAVE, "ann"), at(3), HEARD);
        assertFalse(left.isLive());
        assertFalse(look(left, 3.1, HEARD).orElseThrow().isEmptiedByEvent());
    }

    @Test
    void tokenIssued_overAndHeard_beginsACallWithoutALookup() {
        var next = over(HEARD).tokenIssued(20, Tickets.of(ANN, at(110)), HEARD);
        assertEquals(at(110), next.call().safeStart());
        assertFalse(next.call().hasUndecidedToken());
        assertTrue(
                next.tokenIssued(21, Tickets.of(BOB, at(111)), HEARD).call().hasUndecidedToken(),
                "the second needs one");
    }

    @Test
    void tokenIssued_overButSilent_needsALookup() {
        var silent = new ChannelPolicy(SeatPolicy.UNLIMITED, TestPolicies.PROMPT, EventPolicy.SILENT, false);
        assertTrue(over(HEARD)
                .tokenIssued(20, Tickets.of(ANN, at(110)), silent)
                .call()
                .hasUndecidedToken());
    }

    @Test
    void tokenIssued_overAndSomebodyCameBack_needsALookup() {
        var joined = over(HEARD)
                .told(new ChannelEvent(ROOM, Kind.JOIN, "bob", "another"), at(105), HEARD)
                .tokenIssued(20, Tickets.of(ANN, at(110)), HEARD);
        assertTrue(joined.call().hasUndecidedToken());
    }

    @Test
    void observed_peopleAfterTheCallWasOver_haveToTellSinceWhen() {
        var back = look(over(HEARD), 120, HEARD, "bob").orElseThrow();
        assertEquals(Stage.PROVISIONAL, back.call().stage());
        assertEquals(9, back.call().id());
        assertEquals(at(120.1), back.call().safeStart());
    }

    @Test
    void told_joinAfterTheEnd_theChannelIsObservedAtOnce() {
        var ended =
                call(HEARD).ended(3, at(120)).told(new ChannelEvent(ROOM, Kind.JOIN, "ann", "late"), at(121), HEARD);
        assertEquals(at(121), ended.call().schedule().nextPollAt());
        assertFalse(ended.isLive());
    }

    @Test
    void deadlineAt_onlyAnEventShowedSomebody_isKept() {
        var joined =
                ChannelState.begun(ROOM, 1, Tickets.of(ANN, at(0)), HEARD).told(event(Kind.JOIN, "ann"), at(1), HEARD);
        assertEquals(Optional.of(at(60)), joined.deadlineAt(CallRules.limit(Duration.ofMinutes(1))));
        assertFalse(joined.call().hasLasted(Duration.ofMinutes(1), at(61)), "an event alone ends no call");
    }

    @Test
    void isHeard_oneOfTwoByLookupAlone_isNot() {
        assertTrue(call(HEARD).isHeard(at(41)));
        assertFalse(call(HEARD).isHeard(at(341)), "too long ago");
        assertFalse(
                look(call(HEARD), 42, HEARD, "ann", "bob", "eve").orElseThrow().isHeard(at(43)));
    }

    @Test
    void told_leave_theSeatIsFreeWithTheNextLookup() {
        var left = call(SEATS).told(event(Kind.LEAVE, "bob"), at(60), SEATS);
        assertTrue(left.seats().holds("bob"), "an event alone frees no seat");
        assertFalse(look(left, 60.1, SEATS, "ann").orElseThrow().seats().holds("bob"));
    }

    @Test
    void told_forgedLeave_freesNoSeat() {
        var left = call(SEATS).told(event(Kind.LEAVE, "bob"), at(60), SEATS);
        assertTrue(look(left, 60.1, SEATS, "ann", "bob").orElseThrow().seats().holds("bob"));
    }

    @Test
    void told_forgedLeaveOfOneOnTheWay_freesNoSeat() {
        var onTheWay = ChannelState.begun(ROOM, 1, Tickets.of(ANN, at(0)), SEATS)
                .told(event(Kind.JOIN, "ann"), at(1), SEATS)
                .told(event(Kind.LEAVE, "ann"), at(1.1), SEATS);
        assertTrue(look(onTheWay, 1.2, SEATS).orElseThrow().seats().holds("ann"));
    }
}
