package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Bars;
import alirtc.appserver.call.Bars.Bar;
import alirtc.appserver.call.Call;
import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Company;
import alirtc.appserver.call.Company.Left;
import alirtc.appserver.call.Evidence;
import alirtc.appserver.call.Evidence.Dropped;
import alirtc.appserver.call.Evidence.PendingChange;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.call.Joins;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.Occupancy;
import alirtc.appserver.call.Occupancy.Session;
import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.call.OpenRecord.Doubt;
import alirtc.appserver.call.OpenRecord.DroppedStays;
import alirtc.appserver.call.OpenRecord.Start;
import alirtc.appserver.call.OpenStay;
import alirtc.appserver.call.Schedule;
import alirtc.appserver.call.Schedule.Retry;
import alirtc.appserver.call.Seats;
import alirtc.appserver.call.Seats.Seat;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.Stay;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.call.Tickets;
import alirtc.appserver.call.TokenLimits;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallJsonTest {
    private static final ChannelId CHANNEL = new ChannelId("room1");
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00.123456789Z");

    static Stream<ChannelState> states() {
        var begun = ChannelState.begun(CHANNEL, -7, Tickets.of(new UserId("ann"), T0), TestPolicies.SEATLESS);
        var seats = new Seats(
                List.of(new Seat("ann", T0, false, null), new Seat("bob", T0.plusNanos(1), true, T0.plusSeconds(3))),
                List.of("eve", "\"\\ \u00e9"));
        var evidence = new Evidence(
                T0.plusNanos(1),
                T0.plusNanos(2),
                true,
                List.of("ann"),
                new PendingChange(T0, T0.plusSeconds(3), T0.plusSeconds(1), true),
                List.of(new Ticket("ann", T0, null), new Ticket("bob", T0.plusSeconds(2), null)),
                new Dropped(T0.minusSeconds(2), T0.minusSeconds(1), null, null),
                null,
                null);
        var schedule = new Schedule(T0.plusNanos(3), new Retry(3, T0.plusSeconds(9)));
        var full = new Call(Long.MAX_VALUE, Stage.ENDED, T0, T0.minusSeconds(5), evidence, schedule);
        var occupancy = new Occupancy(
                List.of(new Session("ann", Long.MIN_VALUE, T0), new Session("bob", 0, T0.plusNanos(1))),
                List.of(new Session("", 7, T0)));
        return Stream.of(
                begun,
                new ChannelState(CHANNEL, begun.call(), seats, occupancy, null, Bars.NONE),
                new ChannelState(CHANNEL, full, seats, occupancy, null, Bars.NONE),
                new ChannelState(
                        CHANNEL,
                        full,
                        seats,
                        occupancy,
                        null,
                        new Bars(List.of(new Bar("ann", T0.plusSeconds(9)), new Bar(null, T0.plusNanos(7))))),
                found(Optional.of(new Joins(T0, Instant.EPOCH, T0))),
                found(Optional.empty()),
                limited(null, T0, new Left("ann", T0.plusNanos(7), null)),
                limited(Duration.ofMinutes(3), T0.plusNanos(9), new Left("ann", T0.plusNanos(7), T0.plusSeconds(2))),
                limited(Duration.ofNanos(1), Instant.MAX, null),
                new ChannelState(CHANNEL, full, seats, occupancy, open(null, null), Bars.NONE),
                new ChannelState(CHANNEL, full, seats, occupancy, open(new Doubt(null), null), Bars.NONE),
                new ChannelState(CHANNEL, full, seats, occupancy, open(new Doubt(T0), T0.plusNanos(7)), Bars.NONE),
                begun.observed(
                                1,
                                new Observation(T0.plusSeconds(40), T0.plusSeconds(40), ShownUsers.users()),
                                TestPolicies.SEATLESS)
                        .orElseThrow());
    }

    private static OpenRecord open(@Nullable Doubt doubt, @Nullable Instant endedAt) {
        return new OpenRecord(
                "0123456789abcdef",
                7,
                2,
                new Start(T0.minusNanos(1), false, true),
                endedAt == null ? null : T0.minusSeconds(7),
                true,
                true,
                T0.plusNanos(5),
                List.of(
                        new OpenStay(new Stay("ann", "ff", T0, null), true, false, T0.plusSeconds(4)),
                        new OpenStay(new Stay("bob \"", "", T0, T0.plusNanos(9)), false, true, null)),
                new DroppedStays(Duration.ofNanos(12), T0),
                doubt,
                endedAt);
    }

    private static ChannelState found(Optional<Joins> joins) {
        return ChannelState.found(CHANNEL, 0, joins, ShownUsers.users(), T0, TestPolicies.SEATLESS);
    }

    /** Returns a call whose tokens limit it in each way, and of which it is known who is alone. */
    private static ChannelState limited(@Nullable Duration least, Instant from, @Nullable Left left) {
        var tickets = List.of(new Ticket("ann", T0, Duration.ofMinutes(5)), new Ticket("bob", T0.plusSeconds(1), null));
        var evidence = new Evidence(
                T0.plusSeconds(1),
                T0,
                true,
                List.of("ann"),
                null,
                tickets,
                new Dropped(T0, T0.plusNanos(1), Duration.ofSeconds(2), least),
                new TokenLimits(least, least == null ? Instant.MAX : T0.plusNanos(4), tickets),
                new Company(T0.plusNanos(5), left));
        var call = new Call(1, Stage.KNOWN, T0, null, evidence, Schedule.pollAt(from.equals(Instant.MAX) ? T0 : from));
        return new ChannelState(CHANNEL, call, Seats.NONE, Occupancy.NONE, null, Bars.NONE);
    }

    @Test
    void read_callOfAnEarlierServer_hasNoLimits() {
        var text = "{\"v\":2,\"i\":1,\"g\":\"K\",\"s\":1,\"t\":1,\"l\":1,\"n\":1,\"k\":[[\"ann\",5]],\"x\":[1,2]}";
        var evidence = CallJson.read(CHANNEL, text).orElseThrow().call().evidence();
        assertEquals(List.of(new Ticket("ann", Instant.EPOCH.plusNanos(5), null)), evidence.tickets());
        assertEquals(
                new Dropped(Instant.EPOCH.plusNanos(1), Instant.EPOCH.plusNanos(2), null, null), evidence.dropped());
        assertNull(evidence.limits());
        assertNull(evidence.company());
    }

    @Test
    void read_tokenOfALaterServer_isReadAsFarAsItIsKnown() {
        var text = "{\"v\":2,\"i\":1,\"g\":\"K\",\"s\":1,\"t\":1,\"l\":1,\"n\":1,\"k\":[[\"ann\",5,7,\"more\"]]}";
        assertEquals(
                List.of(new Ticket("ann", Instant.EPOCH.plusNanos(5), Duration.ofNanos(7))),
                CallJson.read(CHANNEL, text).orElseThrow().call().evidence().tickets());
    }

    @ParameterizedTest
    @MethodSource("states")
    void read_whatWasWritten_isTheSame(ChannelState state) {
        assertEquals(Optional.of(state), CallJson.read(CHANNEL, CallJson.write(state)));
    }

    @Test
    void write_callWithEverythingFull_isSmall() {
        var name = "u".repeat(64);
        var tickets = IntStream.range(0, Evidence.MAX_TICKETS)
                .mapToObj(i -> new Ticket(name, T0, null))
                .toList();
        var members = Collections.nCopies(Evidence.MAX_MEMBERS, name);
        var seats = new Seats(List.of(new Seat(name, T0, true, T0), new Seat(name, T0, true, T0)), List.of(name));
        var evidence = new Evidence(
                T0,
                T0,
                true,
                members,
                new PendingChange(T0, T0, T0, true),
                tickets,
                new Dropped(T0, T0, null, null),
                null,
                null);
        var call = new Call(1, Stage.KNOWN, T0, T0, evidence, Schedule.pollAt(T0));
        var text = CallJson.write(new ChannelState(CHANNEL, call, seats, Occupancy.NONE, null, Bars.NONE));
        assertTrue(text.length() < 2000, text);
    }

    @Test
    void read_fieldsOfALaterServer_areLeftOut() {
        var call = ChannelState.begun(CHANNEL, 1, Tickets.of(new UserId("ann"), T0), TestPolicies.SEATLESS);
        var text = CallJson.write(call).replace("{\"v\":2", "{\"v\":2,\"z\":{\"new\":[1]}");
        assertEquals(Optional.of(call), CallJson.read(CHANNEL, text));
    }

    @Test
    void read_laterVersion_isRefused() {
        assertThrows(RegistryException.class, () -> CallJson.read(CHANNEL, "{\"v\":3,\"other\":\"form\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"k\":[[null,5]]",
                "\"k\":[null]",
                "\"a\":[[null,1,true,null]]",
                "\"q\":[[null,1,1]]",
                "\"w\":[null]",
                "\"o\":[null]",
                "\"m\":[null]",
                "\"x\":[1]",
                "\"d\":[1]",
                "\"h\":[1]",
                "\"h\":[null,1]",
                "\"y\":[[null,5,1]]",
                "\"c\":[null,\"ann\",1,1]",
                "\"b\":{}",
                "\"b\":{\"c\":\"1\",\"t\":1,\"b\":[1,true],\"s\":1}",
                "\"b\":{\"c\":\"1\",\"t\":1,\"b\":[1,true,true],\"s\":1,\"y\":[[null,\"\",1,1,true,true,1]]}",
                "\"b\":{\"c\":\"1\",\"t\":1,\"b\":[1,true,true],\"s\":1,\"x\":[1]}",
                "\"r\":[1,null]",
                "\"f\":[null]",
                "\"f\":[[\"ann\",null]]"
            })
    void read_callWithAHole_isNone(String field) {
        var whole = "{\"v\":2,\"i\":1,\"g\":\"K\",\"s\":1,\"t\":1,\"l\":1,\"n\":1";
        assertTrue(CallJson.read(CHANNEL, whole + "}").isPresent());
        assertEquals(Optional.empty(), CallJson.read(CHANNEL, whole + "," + field + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "{}", "[]", "null", "{\"v\":1}", "{\"v\":1,\"i\":1,\"g\":\"X\",\"s\":1}", "{\"v\":1,"})
    void read_noCall_isNone(String text) {
        assertEquals(Optional.empty(), CallJson.read(CHANNEL, text));
    }
}
