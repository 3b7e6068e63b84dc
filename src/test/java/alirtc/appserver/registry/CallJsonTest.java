package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Call;
import alirtc.appserver.call.Call.PendingChange;
import alirtc.appserver.call.Call.Retry;
import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.Call.Ticket;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.Seats;
import alirtc.appserver.call.Seats.Seat;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallJsonTest {
    private static final ChannelId CHANNEL = new ChannelId("room1");
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00.123456789Z");

    static Stream<Call> calls() {
        var begun = Call.begun(CHANNEL, -7, new UserId("ann"), T0);
        var seats = new Seats(
                List.of(new Seat("ann", T0, false, null), new Seat("bob", T0.plusNanos(1), true, T0.plusSeconds(3))),
                List.of("eve", "\"\\ \u00e9"));
        var full = new Call(
                CHANNEL,
                Long.MAX_VALUE,
                Stage.ENDED,
                T0,
                T0.plusNanos(1),
                T0.plusNanos(2),
                T0.plusNanos(3),
                true,
                new PendingChange(T0, T0.plusSeconds(1), true),
                List.of(new Ticket("ann", T0), new Ticket("bob", T0.plusSeconds(2))),
                new Retry(3, T0.plusSeconds(9)),
                seats);
        return Stream.of(
                begun,
                begun.with(seats, T0),
                full,
                Call.found(CHANNEL, 0, Optional.of(Instant.EPOCH), T0),
                Call.found(CHANNEL, 0, Optional.empty(), T0),
                begun.observed(1, new Observation(T0.plusSeconds(40), ShownUsers.users(), Optional.empty()))
                        .orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("calls")
    void read_whatWasWritten_isTheSame(Call call) {
        assertEquals(Optional.of(call), CallJson.read(CHANNEL, CallJson.write(call)));
    }

    @Test
    void write_callWithEverythingFull_isSmall() {
        var name = "u".repeat(64);
        var tickets = IntStream.range(0, Call.MAX_TICKETS)
                .mapToObj(i -> new Ticket(name, T0))
                .toList();
        var seats = new Seats(List.of(new Seat(name, T0, true, T0), new Seat(name, T0, true, T0)), List.of(name));
        var call = new Call(
                CHANNEL, 1, Stage.KNOWN, T0, T0, T0, T0, true, new PendingChange(T0, T0, true), tickets, null, seats);
        assertTrue(CallJson.write(call).length() < 1500, () -> CallJson.write(call));
    }

    @Test
    void read_fieldsOfALaterServer_areLeftOut() {
        var call = Call.begun(CHANNEL, 1, new UserId("ann"), T0);
        var text = CallJson.write(call).replace("{\"v\":1", "{\"v\":1,\"z\":{\"new\":[1]}");
        assertEquals(Optional.of(call), CallJson.read(CHANNEL, text));
    }

    @Test
    void read_laterVersion_isRefused() {
        assertThrows(RegistryException.class, () -> CallJson.read(CHANNEL, "{\"v\":2,\"other\":\"form\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "{}", "[]", "null", "{\"v\":1}", "{\"v\":1,\"i\":1,\"g\":\"X\",\"s\":1}", "{\"v\":1,"})
    void read_noCall_isNone(String text) {
        assertEquals(Optional.empty(), CallJson.read(CHANNEL, text));
    }
}
