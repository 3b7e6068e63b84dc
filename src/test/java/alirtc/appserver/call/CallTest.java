package alirtc.appserver.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallTest {
    private static final ChannelId CHANNEL = new ChannelId("room1");
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");
    private static final UserId EVE = new UserId("eve");

    private static Instant at(double seconds) {
        return T0.plusMillis((long) (seconds * 1000));
    }

    static ChannelUsers users(String... users) {
        return new ChannelUsers("r", T0, true, 1, users.length, 0, 0, List.of(users), List.of(), List.of());
    }

    private static Look look(double askedAt, String... users) {
        return new Look(at(askedAt), users(users), Optional.empty());
    }

    private static Look check(double tokenAt, double askedAt, String... users) {
        return new Look(at(askedAt), users(users), Optional.of(at(tokenAt)));
    }

    /** A call that Ann's token began, in which Ann was seen. */
    private static Call annsCall() {
        return Call.begun(CHANNEL, 1, ANN, at(0))
                .looked(2, check(0, 0.1))
                .orElseThrow()
                .looked(3, look(5, "ann"))
                .orElseThrow();
    }

    @Test
    void begun_beforeAnyLook_standsInWithItsTokensTime() {
        var call = Call.begun(CHANNEL, 1, ANN, at(0));
        assertEquals(Stage.UNCHECKED, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void looked_nobodyAtTheToken_settlesTheStart() {
        var call = Call.begun(CHANNEL, 1, ANN, at(0)).looked(2, check(0, 0.1)).orElseThrow();
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void looked_stillNobodyAtALaterToken_movesTheStart() {
        var call = Call.begun(CHANNEL, 1, ANN, at(0))
                .looked(2, check(0, 0.1))
                .orElseThrow()
                .issued(3, BOB, at(8))
                .looked(4, check(8, 8.1))
                .orElseThrow();
        assertEquals(at(8), call.startedAt());
    }

    @Test
    void looked_somebodyAtALaterToken_keepsTheStart() {
        var call =
                annsCall().issued(4, BOB, at(8)).looked(5, check(8, 8.1, "ann")).orElseThrow();
        assertEquals(at(0), call.startedAt());
        assertEquals(1, call.id());
    }

    @Test
    void looked_newcomerAloneAtTheFirstToken_beganWithThatToken() {
        var call = Call.begun(CHANNEL, 1, ANN, at(0)).looked(2, look(2, "ann")).orElseThrow();
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void looked_strangerAtTheFirstToken_hasToBeTold() {
        var call = Call.begun(CHANNEL, 1, ANN, at(0))
                .looked(2, check(0, 0.1, "eve"))
                .orElseThrow();
        assertEquals(Stage.UNCHECKED, call.stage());
        var told = call.told(Optional.of(at(-600)));
        assertEquals(Stage.KNOWN, told.stage());
        assertEquals(at(-600), told.startedAt());
    }

    @Test
    void told_byNobody_staysUntoldWhileItLastsAndCountsFromItsToken() {
        var call = Call.begun(CHANNEL, 1, ANN, at(0))
                .looked(2, check(0, 0.1, "eve"))
                .orElseThrow()
                .told(Optional.empty())
                .looked(3, look(30, "ann", "eve"))
                .orElseThrow();
        assertEquals(Stage.UNTOLD, call.stage());
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void looked_nobodyOfAnUntoldCallAtALaterToken_isFollowedByOneThatIsKnown() {
        var call = Call.found(CHANNEL, 1, Optional.empty(), at(0))
                .issued(2, BOB, at(60))
                .looked(3, check(60, 60.1, BOB.value()))
                .orElseThrow()
                .looked(4, look(64, BOB.value()))
                .orElseThrow();
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(60), call.startedAt());
    }

    @Test
    void looked_oneEmptyAnswerAmongPeople_changesNothingThatIsSaid() {
        var call = annsCall().looked(4, look(60)).orElseThrow();
        assertEquals(1, call.id());
        assertEquals(at(0), call.startedAt());
        assertFalse(call.mayBeSucceeded());
    }

    @Test
    void looked_emptyThenPeople_startsCountingAnew() {
        var call = annsCall()
                .looked(4, look(60))
                .orElseThrow()
                .looked(5, look(62, "ann"))
                .orElseThrow()
                .looked(6, look(64));
        assertTrue(call.isPresent());
    }

    @Test
    void looked_twoEmptyAnswersApart_isOver() {
        assertTrue(
                annsCall().looked(4, look(60)).orElseThrow().looked(5, look(63)).isEmpty());
    }

    @Test
    void looked_twoEmptyAnswersTooCloseTogether_goesOn() {
        assertTrue(annsCall()
                .looked(4, look(60))
                .orElseThrow()
                .looked(5, look(62.9))
                .isPresent());
    }

    @Test
    void looked_tokenBetweenTwoEmptyAnswers_goesOn() {
        var call = annsCall().looked(4, look(60)).orElseThrow().issued(5, BOB, at(61));
        assertTrue(call.looked(6, look(64)).isPresent());
    }

    @Test
    void looked_emptyWhileAPhoneMayStillBeJoining_doesNotCount() {
        var call = Call.begun(CHANNEL, 1, ANN, at(0));
        for (double second = 1; second < 30; second += 4) {
            call = call.looked(9, look(second)).orElseThrow();
        }
        assertEquals(at(0), call.startedAt());
    }

    @Test
    void looked_nobodyAtATokenAmongPeople_needsASecondLook() {
        var call = annsCall().issued(4, BOB, at(60)).looked(5, check(60, 60.1)).orElseThrow();
        assertTrue(call.mayBeSucceeded());
        assertEquals(1, call.id());
        assertEquals(at(63.1), call.dueAt(Optional.of(Duration.ofSeconds(1))));
    }

    @Test
    void looked_secondLookAgrees_aNewCallBeganWithThatToken() {
        var call = annsCall()
                .issued(4, BOB, at(60))
                .looked(5, check(60, 60.1))
                .orElseThrow()
                .looked(6, look(63.1))
                .orElseThrow();
        assertNotEquals(1, call.id());
        assertEquals(at(60), call.startedAt());
        assertFalse(call.mayBeSucceeded());
    }

    @Test
    void looked_secondLookShowsTheNewcomerAlone_aNewCallBeganWithItsToken() {
        var call = annsCall()
                .issued(4, BOB, at(60))
                .looked(5, check(60, 60.1))
                .orElseThrow()
                .looked(6, look(63.1, "bob"))
                .orElseThrow();
        assertNotEquals(1, call.id());
        assertEquals(at(60), call.startedAt());
        assertTrue(call.seen());
    }

    @Test
    void looked_secondLookShowsSomebodyOfBefore_theCallGoesOn() {
        var call = annsCall()
                .issued(4, BOB, at(60))
                .looked(5, check(60, 60.1))
                .orElseThrow()
                .looked(6, look(63.1, "ann", "bob"))
                .orElseThrow();
        assertEquals(1, call.id());
        assertEquals(at(0), call.startedAt());
        assertFalse(call.mayBeSucceeded());
    }

    @Test
    void looked_emptyJustBeforeTheTokenAgrees_aNewCallBeganAtOnce() {
        var call = annsCall()
                .looked(4, look(60))
                .orElseThrow()
                .issued(5, BOB, at(64))
                .looked(6, check(64, 64.1))
                .orElseThrow();
        assertEquals(at(64), call.startedAt());
    }

    @Test
    void looked_newcomerAloneThenALie_theNewCallKeepsTheNewcomersToken() {
        var call = annsCall()
                .issued(4, BOB, at(60))
                .looked(5, check(60, 62, "bob"))
                .orElseThrow()
                .issued(6, EVE, at(66))
                .looked(7, check(66, 66.1))
                .orElseThrow();
        assertEquals(at(60), call.startedAt());
        assertTrue(call.mayBeSucceeded(), "the lie is a first look at the new call's own end");
    }

    @Test
    void looked_answerOlderThanOneThatCounted_isIgnored() {
        var call = annsCall();
        assertEquals(call, call.looked(4, look(4.9)).orElseThrow());
    }

    @Test
    void lookFailed_afterAToken_itsUserIsNoNewcomerAnyMore() {
        var call = annsCall()
                .issued(4, BOB, at(30))
                .lookFailed(at(31))
                .issued(5, EVE, at(60))
                .looked(6, check(60, 60.1))
                .orElseThrow()
                .looked(7, look(63.1, "bob"))
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
        var call = annsCall().issued(4, BOB, at(600)).ended(5, at(600.2));
        assertEquals(Stage.KNOWN, call.stage());
        assertEquals(at(600), call.startedAt());
        assertNotEquals(1, call.id());
    }

    @Test
    void issued_afterItsEnd_beginsAnother() {
        var call = annsCall().ended(4, at(600)).issued(5, BOB, at(605));
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
