package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import alirtc.appserver.call.Call;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.EventPolicy;
import alirtc.appserver.call.Joins;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.StartPolicy;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Calls of users who keep their names from token to token, so that a new token makes nobody a newcomer. */
class ReturningUsersTest {
    private static final ChannelPolicy POLICY = new ChannelPolicy(
            SeatPolicy.UNLIMITED, new StartPolicy(true, Duration.ofSeconds(1)), EventPolicy.OFF, false);
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final ChannelId CHANNEL = new ChannelId("room");
    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");

    private final AwaitedRegistry registry = Stores.inMemory(CallRules.NONE, 10, POLICY, () -> T0);

    private static Instant at(double seconds) {
        return T0.plusMillis((long) (1000 * seconds));
    }

    private void token(double second, UserId user) {
        registry.tokenIssued(CHANNEL, user, at(second));
    }

    private void look(double second, String... users) {
        registry.observed(CHANNEL, new Observation(at(second), at(second), ShownUsers.users(users)));
    }

    private Call call() {
        return registry.find(CHANNEL).orElseThrow().call();
    }

    private void callOfAnnAndBob() {
        token(0, ANN);
        look(0.1);
        look(1, "ann");
        token(5, BOB);
        look(5.1, "ann");
        look(35, "ann", "bob");
        assertEquals(Call.Stage.KNOWN, call().stage());
        assertEquals(at(0), call().startedAt());
    }

    @Test
    void tokens_forThoseWhoAreIn_beginNoNewCall() {
        callOfAnnAndBob();
        long id = call().id();
        for (int second = 40; second < 100; second += 5) {
            token(second, ANN);
            token(second, BOB);
            look(second + 0.1, "ann", "bob");
        }
        assertEquals(at(0), call().startedAt());
        assertEquals(id, call().id());
    }

    @Test
    void token_forTheOneWhoIsLeft_beginsNoNewCall() {
        callOfAnnAndBob();
        long id = call().id();
        token(50, ANN);
        look(50.1, "ann");
        look(54, "ann");
        look(84, "ann");
        assertEquals(id, call().id());
        assertEquals(at(0), call().startedAt());
    }

    @Test
    void tokens_forThoseWhoLeftAndComeBack_beginANewCall() {
        callOfAnnAndBob();
        long id = call().id();
        token(50, ANN);
        look(50.1);
        token(51, ANN);
        token(52, BOB);
        look(54, "ann", "bob");
        assertNotEquals(id, call().id());
        assertEquals(at(52), call().startedAt(), "nobody can tell whether the channel was empty until then");
    }

    @Test
    void token_afterARestart_forOneWhoIsIn_hasToBeToldSinceWhen() {
        token(100, ANN);
        look(100.1, "ann");
        assertEquals(Call.Stage.PROVISIONAL, call().stage());
        registry.startLearned(CHANNEL, Optional.of(new Joins(at(100.1), at(10), at(10))), ShownUsers.users("ann"));
        assertEquals(at(10), call().startedAt());
    }
}
