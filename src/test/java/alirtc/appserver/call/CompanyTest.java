package alirtc.appserver.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When one counts as left alone in a call. */
class CompanyTest {
    private static final ChannelId ROOM = new ChannelId("room");
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final ChannelPolicy POLICY = policy(EventPolicy.HEARD, true);
    private static final CallRules RULES =
            new CallRules(Optional.empty(), Optional.empty(), Optional.of(Duration.ofMinutes(1)));

    private static ChannelPolicy policy(EventPolicy events, boolean aloneMatters) {
        return new ChannelPolicy(SeatPolicy.UNLIMITED, TestPolicies.PROMPT, events, aloneMatters);
    }

    private static Instant at(double seconds) {
        return T0.plusMillis((long) (seconds * 1000));
    }

    private static ChannelState look(ChannelState state, double at, String... users) {
        return look(state, at, ShownUsers.users(users));
    }

    private static ChannelState look(ChannelState state, double at, ChannelUsers users) {
        return state.observed(9, new Observation(at(at), at(at + 0.1), users), POLICY)
                .orElseThrow();
    }

    private static ChannelState issued(ChannelState state, double at, String user) {
        return state.tokenIssued(8, Tickets.of(new UserId(user), at(at)), POLICY);
    }

    private static ChannelState told(ChannelState state, Kind kind, String user, double at) {
        return state.told(new ChannelEvent(ROOM, kind, user, user + "-session"), at(at), POLICY);
    }

    /** Returns a call of Ann, who waits for Bob since 0 s. */
    private static ChannelState waiting() {
        var begun = ChannelState.begun(ROOM, 1, Tickets.of(new UserId("ann"), at(0)), POLICY);
        return look(look(begun, 0.1), 5, "ann");
    }

    /** Returns the call of both, seen at 20 s. */
    private static ChannelState both() {
        return look(look(issued(waiting(), 10, "bob"), 10.1, "ann"), 20, "ann", "bob");
    }

    /** Returns the call in which Ann is alone since 100 s. */
    private static ChannelState alone() {
        return look(both(), 100, "ann");
    }

    private static void assertNotAlone(ChannelState state) {
        assertEquals(Optional.empty(), state.endDueAt(RULES), state::toString);
        assertEquals(
                Optional.empty(),
                state.call().endReason(RULES, state.call().evidence().observedAt()),
                state::toString);
    }

    private static void assertAloneUntil(double due, ChannelState state) {
        assertEquals(Optional.of(at(due)), state.endDueAt(RULES), state::toString);
    }

    @Test
    void call_oneOfTwoIsLeft_isDueOnceOneWasAloneForSoLong() {
        assertNotAlone(waiting());
        assertNotAlone(both());
        assertAloneUntil(160.1, alone());
        assertAloneUntil(160.1, look(alone(), 130, "ann"));
    }

    @ParameterizedTest
    @CsvSource({
        "160, 160, false", // The last lookup was asked for before.
        "160.1, 160.2, true",
        "160.1, 165, true",
        "160.1, 165.2, false", // It is not fresh any more.
        "170, 171, true",
    })
    void end_lookupsShowOneAlone_isProvenByAFreshOneAskedForAfterTheTime(double asked, double now, boolean proven) {
        assertEquals(
                proven ? Optional.of(EndReason.ALONE) : Optional.empty(),
                look(alone(), asked, "ann").call().endReason(RULES, at(now)));
    }

    @Test
    void end_bothRulesAreMet_isByTheLimit() {
        var rules = new CallRules(
                Optional.of(Duration.ofSeconds(150)), Optional.empty(), Optional.of(Duration.ofMinutes(1)));
        assertEquals(Optional.of(at(150)), alone().endDueAt(rules));
        assertEquals(
                Optional.of(EndReason.LIMIT), look(alone(), 170, "ann").call().endReason(rules, at(171)));
    }

    @Test
    void call_twoWereNeverSeenAtOnce_isNeverDue() {
        var oneByOne = look(look(issued(waiting(), 10, "bob"), 10.1, "ann"), 20, "ann");
        assertNotAlone(look(oneByOne, 500, "ann"));
        assertNotAlone(look(told(oneByOne, Kind.JOIN, "bob", 30), 500, "ann"));
    }

    @Test
    void call_anotherIsSeenInBetween_countsAnew() {
        assertNotAlone(look(alone(), 130, "ann", "eve"));
        assertAloneUntil(200.1, look(look(alone(), 130, "ann", "eve"), 140, "ann"));
    }

    @Test
    void call_theOtherIsLeftAloneInstead_countsAnew() {
        assertAloneUntil(190.1, look(alone(), 130, "bob"));
    }

    @Test
    void call_nobodyIsShownInBetween_countsAnew() {
        assertNotAlone(look(alone(), 130));
        assertAloneUntil(200.1, look(look(alone(), 130), 140, "ann"));
    }

    @Test
    void call_answerCountsMoreThanItNames_isNotDue() {
        var unnamed = new ChannelUsers("r", T0, true, 1, 2, 0, 0, List.of("ann"), List.of(), List.of());
        assertNotAlone(look(both(), 100, unnamed));
        assertNotAlone(look(alone(), 130, unnamed));
        var twice = new ChannelUsers("r", T0, true, 2, 0, 1, 1, List.of(), List.of("ann"), List.of("ann"));
        assertNotAlone(look(both(), 100, twice));
        var blank = new ChannelUsers("r", T0, true, 1, 1, 0, 0, List.of(" "), List.of(), List.of());
        assertNotAlone(look(both(), 100, blank));
    }

    @Test
    void call_lookupFails_isNotProven() {
        var failed = look(alone(), 130, "ann").lookupFailed(at(161));
        assertAloneUntil(160.1, failed);
        assertEquals(Optional.empty(), failed.call().endReason(RULES, at(161)));
        assertEquals(Optional.of(at(161.75)), failed.endFailed(at(161)).endDueAt(RULES));
    }

    @Test
    void call_tokenForAnother_givesThatOneTheTimeToJoin() {
        var called = issued(alone(), 155, "eve");
        assertNotAlone(called);
        var known = look(called, 155.1, "ann");
        assertAloneUntil(185, known);
        assertAloneUntil(185, look(known, 184.9, "ann"));
        var quiet = look(known, 185, "ann");
        assertEquals(Optional.empty(), quiet.call().endReason(RULES, at(186)), "one lookup alone may lie");
        assertAloneUntil(215.1, quiet);
        assertEquals(Optional.empty(), look(quiet, 215, "ann").call().endReason(RULES, at(216)));
        var proven = look(quiet, 215.1, "ann");
        assertEquals(Optional.of(EndReason.ALONE), proven.call().endReason(RULES, at(216)));
        assertEquals(
                Optional.empty(), issued(proven, 215.2, "joe").call().endReason(RULES, at(216)), "a token came since");
        assertNotAlone(look(known, 170, "ann", "eve"));
    }

    @Test
    void call_begunAnewByTheOneWhoWasAlone_isNotDue() {
        // Ann left and came back with a new token, as who proves a name can: nobody else was in her new call.
        var later = look(look(issued(alone(), 120, "ann"), 121), 124.5);
        assertEquals(at(120), later.call().safeStart());
        assertNotAlone(look(look(later, 130, "ann"), 500, "ann"));
    }

    @Test
    void call_startMovesBeyondTheTimeTogether_isNotDue() {
        var call = alone().call();
        var moved = new Call(call.id(), call.stage(), at(101), null, call.evidence(), call.schedule());
        assertNotAlone(new ChannelState(ROOM, moved, Seats.NONE, Occupancy.NONE, null, Bars.NONE));
    }

    @Test
    void call_mayBeOver_isNotDue() {
        assertNotAlone(told(told(alone(), Kind.LEAVE, "bob", 120), Kind.LEAVE, "ann", 121));
    }

    @Test
    void joinTold_ofAnother_countsAnewAndOfTheSameNot() {
        assertNotAlone(told(alone(), Kind.JOIN, "eve", 120));
        assertAloneUntil(190.1, look(told(alone(), Kind.JOIN, "eve", 120), 130, "ann"));
        assertAloneUntil(160.1, told(alone(), Kind.JOIN, "ann", 120));
    }

    @Test
    void leaveTold_ofTheOther_hasTheChannelObservedAtOnce() {
        var heard = told(told(both(), Kind.JOIN, "ann", 21), Kind.JOIN, "bob", 21);
        assertEquals(at(50), heard.call().schedule().nextPollAt());
        var left = told(heard, Kind.LEAVE, "bob", 40);
        assertEquals(at(40), left.call().schedule().nextPollAt());
        assertNotAlone(left);
        assertAloneUntil(100.6, look(left, 40.5, "ann"));
    }

    @Test
    void company_asEventsAndLookupsTellIt_isOpenWhereTheyDifferOrOneIsAlone() {
        assertFalse(waiting().isCompanyOpen());
        assertTrue(
                told(told(waiting(), Kind.JOIN, "ann", 6), Kind.JOIN, "bob", 6).isCompanyOpen());
        assertFalse(both().isCompanyOpen());
        assertTrue(told(both(), Kind.LEAVE, "bob", 40).isCompanyOpen());
        assertTrue(alone().isCompanyOpen());
    }

    @Test
    void company_doesNotMatter_isNotKept() {
        var shown = new Observation(at(20), at(20), ShownUsers.users("ann", "bob"));
        var state =
                waiting().observed(9, shown, policy(EventPolicy.HEARD, false)).orElseThrow();
        assertNull(state.call().evidence().company());
    }

    @Test
    void rule_isOff_neverEndsACall() {
        assertEquals(Optional.empty(), alone().endDueAt(CallRules.NONE));
        assertEquals(Optional.empty(), look(alone(), 500, "ann").call().endReason(CallRules.NONE, at(501)));
    }
}
