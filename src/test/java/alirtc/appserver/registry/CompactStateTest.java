package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Occupancy;
import alirtc.appserver.call.Occupancy.Session;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.call.Tickets;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That nothing is lost of a state which memory holds. */
class CompactStateTest {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00.123456789Z");

    private static ChannelState present(List<Session> sessions) {
        var begun =
                ChannelState.begun(new ChannelId("room"), 1, Tickets.of(new UserId("ann"), T0), TestPolicies.SEATLESS);
        return new ChannelState(
                begun.channel(), begun.call(), begun.seats(), new Occupancy(sessions, List.of()), null, begun.bars());
    }

    @ParameterizedTest
    @MethodSource("alirtc.appserver.registry.CallJsonTest#states")
    void state_takenIn_isTheSame(ChannelState state) {
        assertEquals(state, new CompactState(state).toState());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "\0", "\u00ff", "\u0100", "\u738b\u5c0f\u660e", "\ud83d\ude00", "\ud800", "x\udc00"})
    void name_ofAnyCharacters_isTheSame(String name) {
        var state = present(List.of(new Session(name, 1, T0), new Session("bob", 2, T0)));
        assertEquals(state, new CompactState(state).toState());
    }

    @Test
    void names_longAndMany_areTheSame() {
        var sessions = IntStream.range(0, Occupancy.MAX_SESSIONS)
                .mapToObj(i -> new Session((i % 2 == 0 ? "n" : "\u738b").repeat(40_000) + i, i, T0.plusNanos(i)))
                .toList();
        var state = present(sessions);
        assertEquals(state, new CompactState(state).toState());
    }

    @Test
    void name_thatComesOften_isWrittenOnce() {
        var out = new CompactWriter();
        Collections.nCopies(100, "n".repeat(1_000)).forEach(out::writeName);
        assertTrue(out.toBytes().length < 1_200);
    }

    @Test
    void time_thatIsNoNumberOfNanoseconds_isRefused() {
        var state = present(List.of(new Session("ann", 1, Instant.MAX)));
        assertThrows(ArithmeticException.class, () -> new CompactState(state));
    }
}
