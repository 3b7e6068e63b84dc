package alirtc.appserver.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallTest {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");
    private static final UserId EVE = new UserId("eve");

    private static Instant at(double seconds) {
        return T0.plusMillis((long) (seconds * 1000));
    }

    private static Observation look(double askedAt, String... users) {
        return new Observation(at(askedAt), ShownUsers.users(users), Optional.empty());
    }

    private static Observation check(double tokenAt, double askedAt, String... users) {
        return new Observation(at(askedAt), ShownUsers.users(users), Optional.of(at(tokenAt)));
    }

    /** A call that Ann's token began, in which Ann was seen. */
    private static Call annsCall() {
        return Call.begun(1, ANN, at(0))
                .observed(2, check(0, 0.1))
                .orElseThrow()
                .observed(3, look(5, "ann"))
                .orElseThrow();
    }

    @Test
    void begun_beforeAnyLook_standsInWithItsTokensTime() {
        var call = Call.begun(1, ANN, at(0));
        assertEquals(Stage.PROVISIONAL, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void observed_nobodyAtTheToken_settlesTheStart() {
        var call = Call.begun(1, ANN, at(0)).observed(2, check(0, 0.1)).orElseThrow();
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void observed_stillNobodyAtALaterToken_movesTheStart() {
        var call = Call.begun(1, ANN, at(0))
                .observed(2, check(0, 0.1))
                .orElseThrow()
                .tokenIssued(3, BOB, at(8))
                .observed(4, check(8, 8.1))
                .orElseThrow();
        assertEquals(at(8), call.startedAt());
    }

    @Test
    void observed_somebodyAtALaterToken_keepsTheStart() {
        var call = annsCall()
                .tokenIssued(4, BOB, at(8))
                .observed(5, check(8, 8.1, "ann"))
                .orElseThrow();
        assertEquals(at(0), call.startedAt());
        assertEquals(1, call.id());
    }

    @Test
    void observed_newcomerAloneAtTheFirstToken_beganWithThatToken() {
        var call = Call.begun(1, ANN, at(0)).observed(2, look(2, "ann")).orElseThrow();
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void observed_strangerAtTheFirstToken_hasToBeTold() {
        var call = Call.begun(1, ANN, at(0)).observed(2, check(0, 0.1, "eve")).orElseThrow();
        assertEquals(Stage.PROVISIONAL, call.stage());
        var told = call.startLearned(Optional.of(at(-600)));
        assertEquals(Stage.KNOWN, told.stage());
        assertEquals(at(-600), told.startedAt());
    }

    @Test
    void startLearned_byNobody_staysUntoldWhileItLastsAndCountsFromItsToken() {
        var call = Call.begun(1, ANN, at(0))
                .observed(2, check(0, 0.1, "eve"))
                .orElseThrow()
                .startLearned(Optional.empty())
                .observed(3, look(30, "ann", "eve"))
                .orElseThrow();
        assertEquals(Stage.START_UNKNOWN, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void observed_nobodyOfAnUntoldCallAtALaterToken_isFollowedByOneThatIsKnown() {
        var call = Call.found(1, Optional.empty(), at(0))
                .tokenIssued(2, BOB, at(60))
                .observed(3, check(60, 60.1, BOB.value()))
                .orElseThrow()
                .observed(4, look(64, BOB.value()))
                .orElseThrow();
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(60), call.startedAt());
    }

    @Test
    void observed_oneEmptyAnswerAmongPeople_changesNothingThatIsSaid() {
        var call = annsCall().observed(4, look(60)).orElseThrow();
        assertEquals(1, call.id());
        assertEquals(at(0), call.startedAt());
        assertFalse(call.mayBeSuperseded());
    }

    @Test
    void observed_emptyThenPeople_startsCountingAnew() {
        var call = annsCall()
                .observed(4, look(60))
                .orElseThrow()
                .observed(5, look(62, "ann"))
                .orElseThrow()
                .observed(6, look(64));
        assertTrue(call.isPresent());
    }

    @Test
    void observed_twoEmptyAnswersApart_isOver() {
        assertTrue(annsCall()
                .observed(4, look(60))
                .orElseThrow()
                .observed(5, look(63))
                .isEmpty());
    }

    @Test
    void observed_twoEmptyAnswersTooCloseTogether_goesOn() {
        assertTrue(annsCall()
                .observed(4, look(60))
                .orElseThrow()
                .observed(5, look(62.9))
                .isPresent());
    }

    @Test
    void observed_tokenBetweenTwoEmptyAnswers_goesOn() {
        var call = annsCall().observed(4, look(60)).orElseThrow().tokenIssued(5, BOB, at(61));
        assertTrue(call.observed(6, look(64)).isPresent());
    }

    @Test
    void observed_emptyWhileAPhoneMayStillBeJoining_doesNotCount() {
        var call = Call.begun(1, ANN, at(0));
        for (double second = 1; second < 30; second += 4) {
            call = call.observed(9, look(second)).orElseThrow();
        }
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void observed_nobodyAtATokenAmongPeople_needsASecondLook() {
        var call = annsCall()
                .tokenIssued(4, BOB, at(60))
                .observed(5, check(60, 60.1))
                .orElseThrow();
        assertTrue(call.mayBeSuperseded());
        assertEquals(1, call.id());
        assertEquals(at(63.1), call.dueAt(Optional.of(Duration.ofSeconds(1))));
    }

    @Test
    void observed_secondLookAgrees_aNewCallBeganWithThatToken() {
        var call = annsCall()
                .tokenIssued(4, BOB, at(60))
                .observed(5, check(60, 60.1))
                .orElseThrow()
                .observed(6, look(63.1))
                .orElseThrow();
        assertNotEquals(1, call.id());
        assertEquals(at(60), call.startedAt());
        assertFalse(call.mayBeSuperseded());
    }

    @Test
    void observed_secondLookShowsTheNewcomerAlone_aNewCallBeganWithItsToken() {
        var call = annsCall()
                .tokenIssued(4, BOB, at(60))
                .observed(5, check(60, 60.1))
                .orElseThrow()
                .observed(6, look(63.1, "bob"))
                .orElseThrow();
        assertNotEquals(1, call.id());
        assertEquals(at(60), call.startedAt());
        assertTrue(call.evidence().seen());
    }

    @Test
    void observed_secondLookShowsSomebodyOfBefore_theCallGoesOn() {
        var call = annsCall()
                .tokenIssued(4, BOB, at(60))
                .observed(5, check(60, 60.1))
                .orElseThrow()
                .observed(6, look(63.1, "ann", "bob"))
                .orElseThrow();
        assertEquals(1, call.id());
        assertEquals(at(0), call.startedAt());
        assertFalse(call.mayBeSuperseded());
    }

    @Test
    void observed_emptyJustBeforeTheTokenAgrees_aNewCallBeganAtOnce() {
        var call = annsCall()
                .observed(4, look(60))
                .orElseThrow()
                .tokenIssued(5, BOB, at(64))
                .observed(6, check(64, 64.1))
                .orElseThrow();
        assertEquals(at(64), call.startedAt());
    }

    @Test
    void observed_newcomerAloneThenALie_theNewCallKeepsTheNewcomersToken() {
        var call = annsCall()
                .tokenIssued(4, BOB, at(60))
                .observed(5, check(60, 62, "bob"))
                .orElseThrow()
                .tokenIssued(6, EVE, at(66))
                .observed(7, check(66, 66.1))
                .orElseThrow();
        assertEquals(at(60), call.startedAt());
        assertTrue(call.mayBeSuperseded(), "the lie is a first look at the new call's own end");
    }

    @Test
    void observed_answerOlderThanOneThatCounted_isIgnored() {
        var call = annsCall();
        assertEquals(call, call.observed(4, look(4.9)).orElseThrow());
    }

    @Test
    void lookupFailed_afterAToken_itsUserIsNoNewcomerAnyMore() {
        var call = annsCall()
                .tokenIssued(4, BOB, at(30))
                .lookupFailed(at(31))
                .tokenIssued(5, EVE, at(60))
                .observed(6, check(60, 60.1))
                .orElseThrow()
                .observed(7, look(63.1, "bob"))
                .orElseThrow();
        assertEquals(1, call.id());
    }

    @Test
    void ended_noTokenSince_isGuarded() {
        var call = annsCall().ended(4, at(600));
        assertEquals(Stage.ENDED, call.stage());
        assertEquals(at(610), call.dueAt(Optional.of(Duration.ofMinutes(10))));
    }

    @Test
    void ended_tokenSinceTheLastLook_anotherCallBeganWithIt() {
        var call = annsCall().tokenIssued(4, BOB, at(600)).ended(5, at(600.2));
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(600), call.startedAt());
        assertNotEquals(1, call.id());
    }

    @Test
    void tokenIssued_afterItsEnd_beginsAnother() {
        var call = annsCall().ended(4, at(600)).tokenIssued(5, BOB, at(605));
        assertEquals(at(605), call.startedAt());
        assertNotEquals(1, call.id());
        assertEquals(at(605 + 600), call.endDueAt(Duration.ofMinutes(10)));
    }

    @Test
    void endFailed_again_pausesGrowToSixteenSeconds() {
        var call = annsCall();
        double now = 600;
        for (int pause : new int[] {1, 2, 4, 8, 16, 16, 16}) {
            call = call.endFailed(at(now));
            now += pause;
            assertEquals(at(now), call.endDueAt(Duration.ofMinutes(10)));
        }
    }
}
