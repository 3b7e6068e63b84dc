package alirtc.appserver.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import alirtc.appserver.call.Evidence.Dropped;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tokens limit which call. */
class TokenLimitsTest {
    private static final ChannelId ROOM = new ChannelId("room");
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private static Instant at(double seconds) {
        return T0.plusMillis((long) (seconds * 1000));
    }

    private static Ticket token(double at, String user, int minutes) {
        return minutes == 0
                ? Tickets.of(new UserId(user), at(at))
                : Tickets.of(user, at(at), Duration.ofMinutes(minutes));
    }

    /** Returns the state of a channel in which a token was the first thing to be known. */
    private static ChannelState begun(double at, String user, int minutes) {
        return ChannelState.begun(ROOM, 1, token(at, user, minutes), TestPolicies.SEATLESS);
    }

    private static ChannelState issued(ChannelState state, double at, String user, int minutes) {
        return state.tokenIssued(2, token(at, user, minutes), TestPolicies.SEATLESS);
    }

    private static ChannelState look(ChannelState state, double at, String... users) {
        return state.observed(3, new Observation(at(at), at(at), ShownUsers.users(users)), TestPolicies.SEATLESS)
                .orElseThrow();
    }

    private static @Nullable Long minutes(ChannelState state, CallRules rules) {
        return state.call().limit(rules).map(Duration::toMinutes).orElse(null);
    }

    private static void assertLimit(int minutes, ChannelState state) {
        assertEquals(
                minutes == 0 ? Optional.empty() : Optional.of(Duration.ofMinutes(minutes)),
                state.call().limit(CallRules.NONE),
                state::toString);
    }

    /** Returns a call of Ann that began at 0 s. */
    private static ChannelState known(int annsMinutes) {
        return look(look(begun(0, "ann", annsMinutes), 0.1), 5, "ann");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0,", // Nobody limits it.
        "5, 0, 5", "0, 5, 5", "5, 3, 3", "3, 5, 3", "5, 5, 5",
    })
    void limit_operatorsAndTokens_isTheLesser(int operators, int tokens, @Nullable Long limit) {
        var rules = operators == 0 ? CallRules.NONE : CallRules.limit(Duration.ofMinutes(operators));
        assertEquals(limit, minutes(begun(0, "ann", tokens), rules));
        assertEquals(limit, minutes(known(tokens), rules));
    }

    @ParameterizedTest
    @CsvSource({"5, 3, 3", "3, 5, 3", "0, 5, 5", "5, 0, 5", "0, 0, 0"})
    void limit_secondTokenInTheCall_isTheLesserAsSoonAsThatIsDecided(int anns, int bobs, int limit) {
        var state = issued(known(anns), 10, "bob", bobs);
        assertLimit(bobs, state);
        assertEquals(at(10), state.call().safeStart(), "with the start that it would have");
        assertLimit(limit, look(state, 10.1, "ann"));
        assertLimit(limit, look(look(state, 10.1, "ann"), 20, "ann", "bob"));
    }

    @ParameterizedTest
    @CsvSource({
        "10, true, 5", // Ann was on her way when Bob's token found the channel empty.
        "10, false, 60", // She never came.
        "31, true, 60", // Her token is older than phones take to join.
    })
    void limit_tokenShortlyBeforeTheOneThatBeganTheCall_countsOnceItsUserIsSeen(
            double later, boolean comes, int limit) {
        var both = look(issued(look(begun(0, "ann", 5), 0.1), later, "bob", 60), later + 0.1);
        assertEquals(at(later), both.call().safeStart());
        assertLimit(60, both);
        assertLimit(limit, comes ? look(both, later + 5, "ann", "bob") : look(both, later + 5, "bob"));
    }

    @Test
    void limit_phoneShownByALookupFromBeforeTheCallBegan_doesNotCount() {
        var ended = look(issued(known(0), 580, "eve", 3), 580.1, "ann").ended(2, at(600));
        var next = issued(ended, 605, "bob", 0);
        assertLimit(0, look(next, 604, "eve"));
        assertLimit(3, look(next, 606, "eve"));
    }

    @Test
    void limit_laterCall_isThatOfItsOwnTokens() {
        var pending = look(issued(known(1), 60, "bob", 7), 61);
        assertEquals(true, pending.call().mayBeSuperseded());
        assertLimit(7, pending);
        var later = look(pending, 64.5);
        assertEquals(at(60), later.call().safeStart());
        assertLimit(7, later);
        assertLimit(4, look(issued(later, 66, "eve", 4), 66.1, "bob"));
    }

    @Test
    void limit_laterCallBegunWithoutALimit_hasNone() {
        assertLimit(0, look(look(issued(known(1), 60, "bob", 0), 61), 64.5));
        assertLimit(0, issued(known(1).ended(2, at(60)), 70, "bob", 0));
        assertLimit(2, issued(known(1).ended(2, at(60)), 70, "bob", 2));
    }

    @Test
    void limit_firstCallGoesOnAfterAll_isTheLeastOfAll() {
        var pending = look(issued(known(6), 60, "bob", 7), 61);
        var found = look(pending, 64.5, "ann", "bob");
        assertLimit(7, found);
        assertLimit(6, found.startLearned(Optional.of(new Joins(at(65), at(2), at(2))), TestPolicies.SEATLESS));
    }

    @Test
    void limit_moreTokensThanAreKeptOneByOne_isTheLeastOfAllThatBelong() {
        var state = issued(known(9), 10, "u0", 2);
        for (int i = 1; i < 12; i++) {
            state = issued(state, 10 + i * 0.01, "u" + i, i % 2 == 0 ? 0 : 30);
        }
        assertEquals(Duration.ofMinutes(2), dropped(state).least());
        assertLimit(30, state);
        assertLimit(2, look(state, 11, "ann"));
    }

    private static Dropped dropped(ChannelState state) {
        return Objects.requireNonNull(state.call().evidence().dropped());
    }

    private static Optional<Duration> decided(Dropped dropped, double until) {
        return Objects.requireNonNull(TokenLimits.decided(null, List.of(), dropped, at(until)))
                .limit(at(until));
    }

    @Test
    void limit_callBegunByOneOfTheTokensThatAreNotKept_isNoShorterThanThatOnes() {
        var state = issued(issued(look(begun(0, "ann", 9), 0.1), 10, "u0", 2), 10.01, "u1", 40);
        for (int i = 2; i < 10; i++) {
            state = issued(state, 10 + i * 0.01, "u" + i, 50);
        }
        var dropped = dropped(state);
        assertEquals(Duration.ofMinutes(40), dropped.lastLimit());
        assertEquals(Optional.of(Duration.ofMinutes(40)), decided(dropped, 10.01));
        assertEquals(Optional.of(Duration.ofMinutes(2)), decided(dropped, 10));
    }

    @Test
    void limit_moreUnusedTokensThanAreKept_isTheLeastOfAll() {
        var state = known(0);
        for (int i = 0; i < 12; i++) {
            state = look(issued(state, 10 + i, "u" + i, i + 2), 10.5 + i, "ann");
        }
        var limits = Objects.requireNonNull(state.call().evidence().limits());
        assertEquals(Evidence.MAX_TICKETS, limits.unused().size());
        assertLimit(2, state);
    }

    @Test
    void limit_peopleComeBackByTheSameTokens_staysTheirs() {
        var policy = new ChannelPolicy(SeatPolicy.UNLIMITED, TestPolicies.PROMPT, EventPolicy.HEARD, false);
        var over = new ChannelState(ROOM, known(5).call().emptied(at(100)), Seats.NONE, Occupancy.NONE, null, Bars.NONE)
                .observed(3, new Observation(at(101), at(101), ShownUsers.users()), policy)
                .orElseThrow();
        assertEquals(Call.Stage.OVER, over.call().stage());
        var found = look(over, 110, "ann");
        assertLimit(5, found);
        assertLimit(5, found.startLearned(Optional.of(new Joins(at(111), at(105), at(106))), TestPolicies.SEATLESS));
        assertLimit(0, look(issued(over, 112, "bob", 0), 112.1));
    }

    @Test
    void limit_tokenThatWasNeverHandedOut_doesNotCount() {
        var refused = issued(known(0), 10, "bob", 2).tokenWithdrawn(new UserId("bob"), at(10));
        assertLimit(0, refused);
        assertLimit(0, look(refused, 10.1, "ann"));
        var decided = look(issued(known(0), 10, "bob", 2), 10.1, "ann");
        assertLimit(2, decided);
        assertLimit(0, decided.tokenWithdrawn(new UserId("bob"), at(10)));
    }

    @Test
    void limits_noTokenHasOne_areNotThere() {
        assertNull(look(issued(known(0), 10, "bob", 0), 10.1, "ann")
                .call()
                .evidence()
                .limits());
    }
}
