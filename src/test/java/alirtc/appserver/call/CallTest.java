package alirtc.appserver.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallTest {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");
    private static final UserId EVE = new UserId("eve");

    private static Instant at(double seconds) {
        return T0.plusMillis((long) (seconds * 1000));
    }

    private static Joins joined(double askedAt, double joinedAt) {
        return new Joins(at(askedAt), at(joinedAt), at(joinedAt));
    }

    private static Observation look(double askedAt, String... users) {
        return new Observation(at(askedAt), at(askedAt), ShownUsers.users(users));
    }

    /** A call that Ann's token began, in which Ann was seen. */
    private static Call annsCall() {
        return Call.begun(1, Tickets.of(ANN, at(0)))
                .observed(2, look(0.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .observed(3, look(5, "ann"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
    }

    private static Instant dueAt(Call call, Duration limit) {
        return new ChannelState(new ChannelId("room1"), call, Seats.NONE, Occupancy.NONE, null, Bars.NONE)
                .dueAt(CallRules.limit(limit));
    }

    @Test
    void begun_beforeAnyLook_standsInWithItsTokensTime() {
        var call = Call.begun(1, Tickets.of(ANN, at(0)));
        assertEquals(Stage.PROVISIONAL, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void observed_nobodyAtTheToken_settlesTheStart() {
        var call = Call.begun(1, Tickets.of(ANN, at(0)))
                .observed(2, look(0.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void observed_stillNobodyAtALaterToken_movesTheStart() {
        var call = Call.begun(1, Tickets.of(ANN, at(0)))
                .observed(2, look(0.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .tokenIssued(3, Tickets.of(BOB, at(8)), false)
                .observed(4, look(8.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(at(8), call.startedAt());
    }

    @Test
    void observed_somebodyAtALaterToken_keepsTheStart() {
        var call = annsCall()
                .tokenIssued(4, Tickets.of(BOB, at(8)), false)
                .observed(5, look(8.1, "ann"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(at(0), call.startedAt());
        assertEquals(1, call.id());
    }

    @Test
    void observed_newcomerAloneAtTheFirstToken_beganWithThatToken() {
        var call = Call.begun(1, Tickets.of(ANN, at(0)))
                .observed(2, look(2, "ann"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void observed_strangerAtTheFirstToken_hasToBeTold() {
        var call = Call.begun(1, Tickets.of(ANN, at(0)))
                .observed(2, look(0.1, "eve"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(Stage.PROVISIONAL, call.stage());
        var told = call.startLearned(Optional.of(joined(0.1, -600)));
        assertEquals(Stage.KNOWN, told.stage());
        assertEquals(at(-600), told.startedAt());
    }

    @Test
    void startLearned_byNobody_staysUntoldWhileItLastsAndCountsFromItsToken() {
        var call = Call.begun(1, Tickets.of(ANN, at(0)))
                .observed(2, look(0.1, "eve"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .startLearned(Optional.empty())
                .observed(3, look(30, "ann", "eve"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(Stage.START_UNKNOWN, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void observed_promptAnswerShowsSomebodyOfWhomNoEventTold_mayHaveJoinedSinceTheToken() {
        var empty = Call.begun(1, Tickets.of(ANN, at(0)))
                .observed(2, look(0.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        var seenBefore = empty.observed(3, look(5, "ann"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(
                at(10), afterAPromptAnswer(empty, Optional.of(Occupancy.NONE)).safeStart());
        assertEquals(
                at(0),
                afterAPromptAnswer(seenBefore, Optional.of(Occupancy.NONE)).safeStart());
        var heard = new Occupancy(List.of(new Occupancy.Session("ann", 1, at(9.9))), List.of());
        assertEquals(at(0), afterAPromptAnswer(empty, Optional.of(heard)).safeStart());
        var heardLater = new Occupancy(List.of(new Occupancy.Session("ann", 1, at(10.05))), List.of());
        assertEquals(at(10), afterAPromptAnswer(empty, Optional.of(heardLater)).safeStart());
    }

    private static Call afterAPromptAnswer(Call call, Optional<Occupancy> heard) {
        return call.tokenIssued(4, Tickets.of(BOB, at(10)), false)
                .observed(5, look(10.1, "ann"), TestPolicies.PROMPT, heard)
                .orElseThrow();
    }

    @Test
    void observed_nobodyOfAnUntoldCallAtALaterToken_isFollowedByOneThatIsKnown() {
        var call = Call.found(1, Optional.empty(), Set.of("eve"), at(0))
                .tokenIssued(2, Tickets.of(BOB, at(60)), false)
                .observed(3, look(60.1, BOB.value()), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .observed(4, look(64, BOB.value()), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(60), call.startedAt());
    }

    @Test
    void observed_oneEmptyAnswerAmongPeople_changesNothingThatIsSaid() {
        var call = annsCall()
                .observed(4, look(60), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(1, call.id());
        assertEquals(at(0), call.startedAt());
        assertFalse(call.mayBeSuperseded());
    }

    @Test
    void observed_emptyThenPeople_startsCountingAnew() {
        var call = annsCall()
                .observed(4, look(60), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .observed(5, look(62, "ann"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .observed(6, look(64), TestPolicies.PROMPT, Optional.empty());
        assertTrue(call.isPresent());
    }

    @Test
    void observed_twoEmptyAnswersApart_isOver() {
        assertTrue(annsCall()
                .observed(4, look(60), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .observed(5, look(63), TestPolicies.PROMPT, Optional.empty())
                .isEmpty());
    }

    @Test
    void observed_twoEmptyAnswersTooCloseTogether_goesOn() {
        assertTrue(annsCall()
                .observed(4, look(60), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .observed(5, look(62.9), TestPolicies.PROMPT, Optional.empty())
                .isPresent());
    }

    @Test
    void observed_tokenBetweenTwoEmptyAnswers_goesOn() {
        var call = annsCall()
                .observed(4, look(60), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .tokenIssued(5, Tickets.of(BOB, at(61)), false);
        assertTrue(call.observed(6, look(64), TestPolicies.PROMPT, Optional.empty())
                .isPresent());
    }

    @Test
    void observed_emptyWhileAPhoneMayStillBeJoining_doesNotCount() {
        var call = Call.begun(1, Tickets.of(ANN, at(0)));
        for (double second = 1; second < 30; second += 4) {
            call = call.observed(9, look(second), TestPolicies.PROMPT, Optional.empty())
                    .orElseThrow();
        }
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void observed_nobodyAtATokenAmongPeople_needsASecondLook() {
        var call = annsCall()
                .tokenIssued(4, Tickets.of(BOB, at(60)), false)
                .observed(5, look(60.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertTrue(call.mayBeSuperseded());
        assertEquals(1, call.id());
        assertEquals(at(63.1), dueAt(call, Duration.ofSeconds(1)));
    }

    @Test
    void observed_secondLookAgrees_aNewCallBeganWithThatToken() {
        var call = annsCall()
                .tokenIssued(4, Tickets.of(BOB, at(60)), false)
                .observed(5, look(60.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .observed(6, look(63.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertNotEquals(1, call.id());
        assertEquals(at(60), call.startedAt());
        assertFalse(call.mayBeSuperseded());
    }

    @Test
    void observed_secondLookShowsTheNewcomerAlone_aNewCallBeganWithItsToken() {
        var call = annsCall()
                .tokenIssued(4, Tickets.of(BOB, at(60)), false)
                .observed(5, look(60.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .observed(6, look(63.1, "bob"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertNotEquals(1, call.id());
        assertEquals(at(60), call.startedAt());
        assertTrue(call.evidence().seen());
    }

    @Test
    void observed_secondLookShowsSomebodyOfBefore_theyTellWhetherTheCallGoesOn() {
        var call = annsCall()
                .tokenIssued(4, Tickets.of(BOB, at(60)), false)
                .observed(5, look(60.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .observed(6, look(63.1, "ann", "bob"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(1, call.id());
        assertEquals(at(60), call.safeStart(), "Ann may have left and come back");
        assertFalse(call.mayBeSuperseded());
        assertEquals(at(0), call.startLearned(Optional.of(joined(63.2, 5))).safeStart());
        assertEquals(at(60), call.startLearned(Optional.of(joined(63.2, 61))).safeStart());
        assertEquals(at(60), call.startLearned(Optional.empty()).safeStart());
    }

    @Test
    void observed_emptyJustBeforeTheTokenAgrees_aNewCallBeganAtOnce() {
        var call = annsCall()
                .observed(4, look(60), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .tokenIssued(5, Tickets.of(BOB, at(64)), false)
                .observed(6, look(64.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(at(64), call.startedAt());
    }

    @Test
    void observed_newcomerAloneThenALie_theNewCallKeepsTheNewcomersToken() {
        var call = annsCall()
                .tokenIssued(4, Tickets.of(BOB, at(60)), false)
                .observed(5, look(62, "bob"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow()
                .tokenIssued(6, Tickets.of(EVE, at(66)), false)
                .observed(7, look(66.1), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(at(60), call.startedAt());
        assertTrue(call.mayBeSuperseded(), "the lie is a first look at the new call's own end");
    }

    @Test
    void observed_answerOlderThanOneThatCounted_isIgnored() {
        var call = annsCall();
        assertEquals(
                call,
                call.observed(4, look(4.9), TestPolicies.PROMPT, Optional.empty())
                        .orElseThrow());
    }

    @Test
    void limit_nobodySeenAtIt_waitsForASecondLook() {
        var empty = annsCall()
                .observed(4, look(60), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(Optional.empty(), empty.endReason(CallRules.limit(Duration.ofMinutes(1)), at(60)));
        assertEquals(at(63), dueAt(empty, Duration.ofMinutes(1)));
        var back = empty.observed(5, look(63, "ann"), TestPolicies.PROMPT, Optional.empty())
                .orElseThrow();
        assertEquals(Optional.of(EndReason.LIMIT), back.endReason(CallRules.limit(Duration.ofMinutes(1)), at(63)));
    }

    @Test
    void lookupFailed_afterAToken_theLaterStartIsTold() {
        var call = annsCall().tokenIssued(4, Tickets.of(BOB, at(21)), false).lookupFailed(at(21.1));
        assertEquals(at(21), call.safeStart());
        assertFalse(call.hasLasted(Duration.ofMinutes(1), at(90)), "nothing shows that those there were there at 21 s");
    }

    @Test
    void lookupFailed_afterTheTokenOfAnotherCall_keepsWhatIsKnownOfTheToken() {
        var call = annsCall()
                .tokenIssued(4, Tickets.of(BOB, at(21)), false)
                .lookupFailed(at(21.1))
                .tokenIssued(5, Tickets.of(EVE, at(24)), false)
                .observed(6, look(27, "bob", "eve"), TestPolicies.JOINS, Optional.empty())
                .orElseThrow()
                .observed(7, look(30, "bob", "eve"), TestPolicies.JOINS, Optional.empty())
                .orElseThrow();
        assertNotEquals(1, call.id());
        assertEquals(at(24), call.safeStart(), "Bob may have come after Eve's token");
        assertEquals(at(21), call.startLearned(Optional.of(joined(30.1, 22))).safeStart());
    }

    @Test
    void tokenIssued_recordedAfterALaterOne_theLaterStartIsTold() {
        var call = annsCall()
                .tokenIssued(4, Tickets.of(BOB, at(21.2)), false)
                .tokenIssued(5, Tickets.of(EVE, at(21.1)), false);
        assertEquals(at(21.2), call.safeStart());
    }

    @Test
    void tokenIssued_moreThanAreKept_theLatestOfThoseDroppedStaysPossible() {
        var call = annsCall();
        for (int i = 0; i < Evidence.MAX_TICKETS + 3; i++) {
            call = call.tokenIssued(9, Tickets.of(new UserId("u" + i), at(60 + i)), false);
        }
        call = call.observed(9, look(80, "ann"), TestPolicies.JOINS, Optional.empty())
                .orElseThrow();
        assertEquals(at(62), call.startLearned(Optional.of(joined(80.1, 61.5))).safeStart());
        assertEquals(at(0), call.startLearned(Optional.of(joined(80.1, 59))).safeStart());
    }

    @Test
    void ended_noTokenSince_isGuarded() {
        var call = annsCall().ended(4, at(600));
        assertEquals(Stage.ENDED, call.stage());
        assertEquals(at(610), dueAt(call, Duration.ofMinutes(10)));
    }

    @Test
    void ended_tokenSinceTheLastLook_anotherCallBeganWithIt() {
        var call = annsCall().tokenIssued(4, Tickets.of(BOB, at(600)), false).ended(5, at(600.2));
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(600), call.startedAt());
        assertNotEquals(1, call.id());
    }

    @Test
    void tokenIssued_afterItsEnd_beginsAnother() {
        var call = annsCall().ended(4, at(600)).tokenIssued(5, Tickets.of(BOB, at(605)), false);
        assertEquals(at(605), call.startedAt());
        assertNotEquals(1, call.id());
        assertEquals(at(605 + 600), call.endDueAt(Duration.ofMinutes(10)));
    }

    @Test
    void endFailed_again_isTriedEachTimeWithinASecond() {
        var call = annsCall();
        double now = 600;
        for (int attempt = 0; attempt < 4; attempt++) {
            call = call.endFailed(at(now));
            now += 0.75;
            assertEquals(at(now), call.endDueAt(Duration.ofMinutes(10)));
        }
    }
}
