package alirtc.appserver.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeatsTest {
    private static final SeatRules RULES = new SeatRules(2, Duration.ofSeconds(30), Duration.ofHours(1));
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private static Instant at(double seconds) {
        return T0.plusMillis((long) (seconds * 1000));
    }

    private static Look look(double askedAt, String... users) {
        return new Look(at(askedAt), CallTest.users(users), Optional.empty());
    }

    private static Seats take(Seats seats, String user, double at) {
        return seats.take(user, at(at), RULES).orElseThrow();
    }

    private static boolean isFull(Seats seats, double at) {
        return seats.take("eve", at(at), RULES).isEmpty();
    }

    /** Ann and Bob, both with tokens, neither seen. */
    private static Seats both() {
        return take(take(Seats.NONE, "ann", 0), "bob", 1);
    }

    private static Seats looked(Seats seats, Look... looks) {
        var after = seats;
        for (var look : looks) {
            after = after.looked(look, RULES);
        }
        return after;
    }

    @Test
    void take_everySeatTaken_isRefused() {
        assertTrue(isFull(both(), 2));
    }

    @Test
    void take_sameUserAgain_keepsTheOneSeat() {
        var seats = take(both(), "ann", 10);
        assertEquals(2, seats.held().size());
        assertTrue(isFull(seats, 11));
    }

    @Test
    void looked_userOnTheWay_isNotMissed() {
        assertTrue(isFull(looked(both(), look(5), look(20), look(29.9)), 30));
    }

    @Test
    void looked_userNeverCame_isFreedByTwoLooksAfterTheTtl() {
        var once = looked(both(), look(30, "bob"));
        assertTrue(isFull(once, 30));
        assertFalse(isFull(looked(once, look(33, "bob")), 33));
    }

    @Test
    void looked_twoLooksTooCloseTogether_proveNothing() {
        assertTrue(isFull(looked(both(), look(30, "bob"), look(32.9, "bob")), 33));
    }

    @Test
    void looked_userLeft_isFreedByTwoLooksWithoutWaitingForTheTtl() {
        var seats = looked(both(), look(5, "ann", "bob"), look(8, "bob"));
        assertTrue(isFull(seats, 8));
        assertFalse(isFull(looked(seats, look(11, "bob")), 11));
    }

    @Test
    void looked_userShownBetween_startsCountingAnew() {
        var seats = looked(both(), look(5, "ann", "bob"), look(8, "bob"), look(10, "ann", "bob"), look(12, "bob"));
        assertTrue(isFull(seats, 12));
    }

    @Test
    void looked_tokenAgainAfterOneMiss_startsCountingAnew() {
        var seats = take(looked(both(), look(5, "ann", "bob"), look(8, "bob")), "ann", 9);
        assertTrue(isFull(looked(seats, look(12, "bob"), look(38, "bob")), 38), "the phone may be on its way again");
        assertFalse(isFull(looked(seats, look(39, "bob"), look(42, "bob")), 42));
    }

    @Test
    void looked_askedBeforeTheToken_tellsNothingOfItsUser() {
        var seats = take(Seats.NONE, "ann", 10);
        assertEquals(seats, looked(seats, look(9.9, "ann")));
    }

    @Test
    void looked_moreAreCountedThanNamed_provesNobodyAbsent() {
        var unnamed = new ChannelUsers("r", T0, true, 1, 2, 0, 0, List.of("bob"), List.of(), List.of());
        var seats = looked(both(), look(5, "ann", "bob"));
        seats = seats.looked(new Look(at(8), unnamed, Optional.empty()), RULES);
        seats = seats.looked(new Look(at(12), unnamed, Optional.empty()), RULES);
        assertTrue(isFull(seats, 12));
    }

    @Test
    void looked_strangers_sitWhereThereIsASeatAndAreNoticed() {
        var seats = looked(take(Seats.NONE, "ann", 0), look(1, "carl", "dora"));
        assertTrue(isFull(seats, 1));
        assertTrue(seats.holds("carl"));
        assertFalse(seats.holds("dora"));
        assertEquals(List.of("carl", "dora"), seats.strangers());
    }

    @Test
    void looked_seatComesFree_goesToAStrangerWhoIsThere() {
        var seats = looked(both(), look(5, "ann", "bob", "carl"), look(8, "bob", "carl"), look(11, "bob", "carl"));
        assertTrue(seats.holds("carl"));
        assertTrue(isFull(seats, 11));
    }

    @Test
    void looked_aCrowd_staysBounded() {
        var crowd = new String[500];
        for (int i = 0; i < crowd.length; i++) {
            crowd[i] = "user" + i;
        }
        var seats = looked(Seats.NONE, look(1, crowd), look(4, crowd));
        assertEquals(2, seats.held().size());
        assertEquals(8, seats.strangers().size());
    }

    @Test
    void deleted_whoWasSeen_isOutAndWhoIsOnTheWayIsNot() {
        var seats = looked(both(), look(5, "ann")).deleted();
        assertFalse(seats.holds("ann"));
        assertTrue(seats.holds("bob"));
    }

    @Test
    void take_nothingHeardForTwelveHours_givesTheSeatUp() {
        var seats = looked(both(), look(5, "ann", "bob"));
        double end = Duration.ofHours(12).toSeconds() + 5;
        assertTrue(isFull(seats, end - 1));
        assertFalse(isFull(seats, end));
    }

    @Test
    void freeAt_fullChannel_isTheSoonestOfAll() {
        assertEquals(at(33), both().freeAt(at(2), RULES), "thirty seconds after Ann's token and one gap");
        assertEquals(at(10), looked(both(), look(5, "ann")).freeAt(at(7), RULES), "Ann may have left just now");
        assertEquals(at(11), looked(both(), look(5, "ann"), look(8)).freeAt(at(9), RULES), "Ann was missed once");
    }

    @Test
    void call_isOverWhileASeatIsHeld_anotherIsAwaited() {
        var rules = new SeatRules(2, Duration.ofMinutes(5), Duration.ofHours(1));
        var ann = new UserId("ann");
        var call = rules.begun(Call.begun(new ChannelId("room1"), 1, ann, at(0)), ann, at(0));
        call = rules.looked(call, 2, look(0.1)).orElseThrow();
        call = rules.looked(call, 3, look(40)).orElseThrow();
        call = rules.looked(call, 4, look(44)).orElseThrow();
        assertTrue(call.seats().holds("ann"));
        assertFalse(call.seen());
        assertEquals(at(0), call.startedAt());
        assertEquals(at(300), call.nextLookAt(), "nothing can be learnt of Ann's seat before");
        call = rules.looked(call, 5, look(300)).orElseThrow();
        assertTrue(rules.looked(call, 6, look(303)).isEmpty());
    }

    @Test
    void call_askerFindsItFull_looksAsSoonAsThatCanHelp() {
        var call = fullCall();
        var asked = RULES.issued(call, 9, new UserId("eve"), at(20));
        assertFalse(asked.seats().holds("eve"));
        assertEquals(at(20), asked.nextLookAt());
        assertEquals(at(8), RULES.issued(call, 9, new UserId("eve"), at(6)).nextLookAt(), "not within the gap");
        var failed = asked.lookFailed(at(20.5));
        assertEquals(failed, RULES.issued(failed, 9, new UserId("eve"), at(21)), "nor soon after a failure");
    }

    /** A call in which Ann and Bob were seen five seconds after its start. */
    private static Call fullCall() {
        var ann = new UserId("ann");
        var call = RULES.begun(Call.begun(new ChannelId("room1"), 1, ann, at(0)), ann, at(0));
        return RULES.looked(RULES.issued(call, 2, new UserId("bob"), at(1)), 3, look(5, "ann", "bob"))
                .orElseThrow();
    }
}
