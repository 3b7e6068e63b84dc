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
import org.junit.jupiter.api.Test;

class SeatsTest {
    private static final SeatPolicy RULES = new SeatPolicy(2, Duration.ofSeconds(30), Duration.ofHours(1));
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final UserId ANN = new UserId("ann");
    private static final UserId EVE = new UserId("eve");
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private static Instant at(double seconds) {
        return T0.plusMillis((long) (seconds * 1000));
    }

    private static Observation look(double askedAt, String... users) {
        return new Observation(at(askedAt), at(askedAt), ShownUsers.users(users));
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

    private static Seats observed(Seats seats, Observation... looks) {
        var after = seats;
        for (var look : looks) {
            after = after.observed(look, RULES);
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
    void observed_userOnTheWay_isNotMissed() {
        assertTrue(isFull(observed(both(), look(5), look(20), look(29.9)), 30));
    }

    @Test
    void observed_userNeverCame_isFreedByTwoLooksAfterTheTtl() {
        var once = observed(both(), look(30, "bob"));
        assertTrue(isFull(once, 30));
        assertFalse(isFull(observed(once, look(33, "bob")), 33));
    }

    @Test
    void observed_twoLooksTooCloseTogether_proveNothing() {
        assertTrue(isFull(observed(both(), look(30, "bob"), look(32.9, "bob")), 33));
    }

    @Test
    void observed_userLeft_isFreedByTwoLooksWithoutWaitingForTheTtl() {
        var seats = observed(both(), look(5, "ann", "bob"), look(8, "bob"));
        assertTrue(isFull(seats, 8));
        assertFalse(isFull(observed(seats, look(11, "bob")), 11));
    }

    @Test
    void observed_userShownBetween_startsCountingAnew() {
        var seats = observed(both(), look(5, "ann", "bob"), look(8, "bob"), look(10, "ann", "bob"), look(12, "bob"));
        assertTrue(isFull(seats, 12));
    }

    @Test
    void observed_tokenAgainAfterOneMiss_startsCountingAnew() {
        var seats = take(observed(both(), look(5, "ann", "bob"), look(8, "bob")), "ann", 9);
        assertTrue(isFull(observed(seats, look(12, "bob"), look(38, "bob")), 38), "the phone may be on its way again");
        assertFalse(isFull(observed(seats, look(39, "bob"), look(42, "bob")), 42));
    }

    @Test
    void observed_askedBeforeTheToken_tellsNothingOfItsUser() {
        var seats = take(Seats.NONE, "ann", 10);
        assertEquals(seats, observed(seats, look(9.9, "ann")));
    }

    @Test
    void observed_moreAreCountedThanNamed_provesNobodyAbsent() {
        var unnamed = new ChannelUsers("r", T0, true, 1, 2, 0, 0, List.of("bob"), List.of(), List.of());
        var seats = observed(both(), look(5, "ann", "bob"));
        seats = seats.observed(new Observation(at(8), at(8), unnamed), RULES);
        seats = seats.observed(new Observation(at(12), at(12), unnamed), RULES);
        assertTrue(isFull(seats, 12));
    }

    @Test
    void observed_strangers_sitWhereThereIsASeatAndAreNoticed() {
        var seats = observed(take(Seats.NONE, "ann", 0), look(1, "carl", "dora"));
        assertTrue(isFull(seats, 1));
        assertTrue(seats.holds("carl"));
        assertFalse(seats.holds("dora"));
        assertEquals(List.of("carl", "dora"), seats.unseated());
    }

    @Test
    void observed_seatComesFree_goesToAStrangerWhoIsThere() {
        var seats = observed(both(), look(5, "ann", "bob", "carl"), look(8, "bob", "carl"), look(11, "bob", "carl"));
        assertTrue(seats.holds("carl"));
        assertTrue(isFull(seats, 11));
    }

    @Test
    void observed_aCrowd_staysBounded() {
        var crowd = new String[500];
        for (int i = 0; i < crowd.length; i++) {
            crowd[i] = "user" + i;
        }
        var seats = observed(Seats.NONE, look(1, crowd), look(4, crowd));
        assertEquals(2, seats.held().size());
        assertEquals(8, seats.unseated().size());
    }

    @Test
    void deleted_whoWasSeen_isOutAndWhoIsOnTheWayIsNot() {
        var seats = observed(both(), look(5, "ann")).deleted();
        assertFalse(seats.holds("ann"));
        assertTrue(seats.holds("bob"));
    }

    @Test
    void take_nothingHeardForTwelveHours_givesTheSeatUp() {
        var seats = observed(both(), look(5, "ann", "bob"));
        double end = Duration.ofHours(12).toSeconds() + 5;
        assertTrue(isFull(seats, end - 1));
        assertFalse(isFull(seats, end));
    }

    @Test
    void freeAt_fullChannel_isTheSoonestOfAll() {
        assertEquals(at(33), both().freeAt(at(2), RULES), "thirty seconds after Ann's token and one gap");
        assertEquals(at(10), observed(both(), look(5, "ann")).freeAt(at(7), RULES), "Ann may have left just now");
        assertEquals(at(11), observed(both(), look(5, "ann"), look(8)).freeAt(at(9), RULES), "Ann was missed once");
    }

    @Test
    void observed_callOverWhileASeatIsHeld_anotherIsAwaited() {
        var policy = TestPolicies.seats(new SeatPolicy(2, Duration.ofMinutes(5), Duration.ofHours(1)));
        var state = ChannelState.begun(ROOM, 1, Tickets.of(ANN, at(0)), policy);
        state = state.observed(2, look(0.1), policy).orElseThrow();
        state = state.observed(3, look(40), policy).orElseThrow();
        state = state.observed(4, look(44), policy).orElseThrow();
        assertTrue(state.seats().holds("ann"));
        assertFalse(state.call().evidence().seen());
        assertEquals(at(0), state.call().startedAt());
        assertEquals(at(300), nextPollAt(state), "nothing can be learnt of Ann's seat before");
        state = state.observed(5, look(300), policy).orElseThrow();
        assertTrue(state.observed(6, look(303), policy).isEmpty());
    }

    @Test
    void tokenIssued_everySeatTaken_isObservedAsSoonAsThatCanHelp() {
        var state = fullChannel();
        var asked = state.tokenIssued(9, Tickets.of(EVE, at(20)), TestPolicies.seats(RULES));
        assertFalse(asked.seats().holds("eve"));
        assertEquals(at(20), nextPollAt(asked));
        assertEquals(
                at(8),
                nextPollAt(state.tokenIssued(9, Tickets.of(EVE, at(6)), TestPolicies.seats(RULES))),
                "not within the gap");
        var failed = asked.lookupFailed(at(20.5));
        assertEquals(
                failed,
                failed.tokenIssued(9, Tickets.of(EVE, at(21)), TestPolicies.seats(RULES)),
                "nor soon after a failure");
    }

    private static Instant nextPollAt(ChannelState state) {
        return state.call().schedule().nextPollAt();
    }

    /** A channel in which Ann and Bob were seen five seconds after its call's start. */
    private static ChannelState fullChannel() {
        var policy = TestPolicies.seats(RULES);
        return ChannelState.begun(ROOM, 1, Tickets.of(ANN, at(0)), policy)
                .tokenIssued(2, Tickets.of(new UserId("bob"), at(1)), policy)
                .observed(3, look(1.1), policy)
                .orElseThrow()
                .observed(4, look(5, "ann", "bob"), policy)
                .orElseThrow();
    }
}
