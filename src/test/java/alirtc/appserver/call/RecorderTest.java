package alirtc.appserver.call;

import static alirtc.appserver.call.Tracked.line;
import static alirtc.appserver.call.Tracked.stays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is on record of a call, whatever happens in which order, and what is told of it. */
class RecorderTest {

    /** Ann has a token at 0 s and joins at 1 s, Bob has one at 5 s and joins at 6 s; a lookup shows both at 40 s. */
    private static Tracked heardCall() {
        return Tracked.heard()
                .token(0, "ann")
                .look(0.1)
                .join(1, "ann", "a1")
                .token(5, "bob")
                .look(5.1, "ann")
                .join(6, "bob", "b1")
                .look(40, "ann", "bob");
    }

    /** The same, known by lookups alone. */
    private static Tracked seenCall() {
        return Tracked.unheard()
                .token(0, "ann")
                .look(0.1)
                .look(5, "ann")
                .token(9, "bob")
                .look(9.1, "ann")
                .look(15, "ann", "bob")
                .look(40, "ann", "bob");
    }

    /**
     * A situation.
     *
     * @param name what is special about it
     * @param record of its one call
     * @param stays of that
     */
    private record Situation(String name, Tracked channel, String record, List<String> stays) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Situation> situations() {
        return Stream.of(
                new Situation(
                        "both leave, as events tell",
                        heardCall()
                                .leave(100, "bob", "b1")
                                .leave(160, "ann", "a1")
                                .look(160.2),
                        "0: 0-160 talked 94 LEFT EVENTS +-1",
                        List.of("ann:1-160", "bob:6-100")),
                new Situation(
                        "both leave, as lookups show",
                        seenCall().look(70, "ann").look(100, "ann").look(130).look(133),
                        "0: 0-130 talked 54.9 LEFT OBSERVATIONS +-30",
                        List.of("ann:5.1-130", "bob:15.1-70")),
                new Situation(
                        "the last leave is lost",
                        heardCall().leave(100, "bob", "b1").look(340).look(343),
                        "0: 0-340 talked 94 LEFT OBSERVATIONS +-240",
                        List.of("ann:1-340", "bob:6-100")),
                new Situation(
                        "the leaves are lost, but not that the channel was closed",
                        heardCall().close(100).look(100.2),
                        "0: 0-100 talked 94 LEFT EVENTS +-1",
                        List.of("ann:1-100", "bob:6-100")),
                new Situation(
                        "that the channel was closed is told after the last leave",
                        heardCall()
                                .leave(100, "bob", "b1")
                                .leave(160, "ann", "a1")
                                .close(161)
                                .look(161.2),
                        "0: 0-160 talked 94 LEFT EVENTS +-1",
                        List.of("ann:1-160", "bob:6-100")),
                new Situation(
                        "nobody is seen before it is told that the channel was closed",
                        heardCall().look(100).close(101).look(101.1),
                        "0: 0-100 talked 94 LEFT OBSERVATIONS +-60",
                        List.of("ann:1-100", "bob:6-100")),
                new Situation(
                        "somebody joins when all have left, and is not seen",
                        heardCall()
                                .leave(100, "bob", "b1")
                                .leave(160, "ann", "a1")
                                .join(161, "eve", "e1")
                                .look(161.2),
                        "0: 0-161 talked 94 LEFT EVENTS +-1",
                        List.of("ann:1-160", "bob:6-100", "eve:161-161")),
                new Situation(
                        "events come twice",
                        heardCall()
                                .join(41, "bob", "b1")
                                .leave(100, "bob", "b1")
                                .leave(120, "bob", "b1")
                                .join(121, "bob", "b1")
                                .leave(160, "ann", "a1")
                                .look(160.2),
                        "0: 0-160 talked 94 LEFT EVENTS +-1",
                        List.of("ann:1-160", "bob:6-100")),
                new Situation(
                        "a user is seen before the join is told",
                        Tracked.heard()
                                .token(0, "ann")
                                .look(0.1)
                                .look(5, "ann")
                                .join(8, "ann", "a1")
                                .leave(50, "ann", "a1")
                                .look(50.2),
                        "0: 0-50 talked 0 LEFT EVENTS +-1",
                        List.of("ann:5.1-50")),
                new Situation(
                        "a join is lost",
                        Tracked.heard()
                                .token(0, "ann")
                                .look(0.1)
                                .look(5, "ann")
                                .leave(50, "ann", "a1")
                                .look(50.2),
                        "0: 0-50 talked 0 LEFT OBSERVATIONS +-1",
                        List.of("ann:5.1-50")),
                new Situation(
                        "the leave is told before the join",
                        heardCall()
                                .leave(70, "eve", "e1")
                                .join(71, "eve", "e1")
                                .leave(100, "bob", "b1")
                                .leave(160, "ann", "a1")
                                .look(160.2),
                        "0: 0-160 talked 94 LEFT OBSERVATIONS +-1",
                        List.of("ann:1-160", "bob:6-100", "eve:70-70")),
                new Situation(
                        "a lookup lies that nobody is there",
                        seenCall().look(70).look(73, "ann", "bob").look(100).look(103),
                        "0: 0-100 talked 84.9 LEFT OBSERVATIONS +-27",
                        List.of("ann:5.1-100", "bob:15.1-100")),
                new Situation(
                        "a lookup does not show one of two",
                        seenCall()
                                .look(70, "ann")
                                .look(100, "ann", "bob")
                                .look(130)
                                .look(133),
                        "0: 0-130 talked 114.9 LEFT OBSERVATIONS +-30",
                        List.of("ann:5.1-130", "bob:15.1-130")),
                new Situation(
                        "a user leaves and comes back",
                        heardCall()
                                .leave(60, "bob", "b1")
                                .join(80, "bob", "b2")
                                .leave(100, "bob", "b2")
                                .leave(160, "ann", "a1")
                                .look(160.2),
                        "0: 0-160 talked 74 LEFT EVENTS +-1",
                        List.of("ann:1-160", "bob:6-60", "bob:80-100")),
                new Situation(
                        "one user is there twice",
                        Tracked.heard()
                                .token(0, "ann")
                                .look(0.1)
                                .join(1, "ann", "a1")
                                .join(2, "ann", "a2")
                                .leave(50, "ann", "a1")
                                .leave(60, "ann", "a2")
                                .look(60.2),
                        "0: 0-60 talked 0 LEFT EVENTS +-1",
                        List.of("ann:1-50", "ann:2-60")),
                new Situation(
                        "it is ended at its limit",
                        heardCall().deleted(600, EndReason.LIMIT),
                        "0: 0-600 talked 594 LIMIT EVENTS +-1",
                        List.of("ann:1-600", "bob:6-600")),
                new Situation(
                        "one is left alone in it, and it is ended",
                        heardCall().leave(100, "bob", "b1").look(100.2, "ann").deleted(160, EndReason.ALONE),
                        "0: 0-160 talked 94 ALONE EVENTS +-1",
                        List.of("ann:1-160", "bob:6-100")),
                new Situation(
                        "it is ended, known by lookups alone",
                        seenCall().look(590, "ann", "bob").deleted(600, EndReason.ENDED),
                        "0: 0-600 talked 584.9 ENDED OBSERVATIONS +-10",
                        List.of("ann:5.1-600", "bob:15.1-600")),
                new Situation(
                        "it was there before the first token",
                        Tracked.unheard()
                                .token(0, "bob")
                                .look(0.5, "ann")
                                .joinsTold(1, -100)
                                .look(31, "ann", "bob")
                                .look(61)
                                .look(64),
                        "0: -100-61 talked 29.9 LEFT RECOVERED +-31",
                        List.of("ann:0.6-61", "bob:31.1-61")),
                new Situation(
                        "it was there before, and nobody can tell since when",
                        Tracked.unheard()
                                .token(0, "bob")
                                .look(2, "ann")
                                .nobodyTellsJoins(2.1)
                                .look(31, "ann")
                                .look(61)
                                .look(64),
                        "0: 0-61 talked 0 LEFT OBSERVATIONS +-?",
                        List.of("ann:2.1-61")));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void record_ofACall_isWhatIsKnown(Situation situation) {
        var record = situation.channel.record();
        assertEquals(situation.record, line(record));
        assertEquals(situation.stays, stays(record));
    }

    @Test
    void notices_ofACall_tellItInOrder() {
        assertEquals(
                List.of(
                        "1 started 1",
                        "1 user_joined ann 1",
                        "1 user_joined bob 6",
                        "1 user_left bob 100",
                        "1 ending 500",
                        "1 user_left ann 600",
                        "1 ended 600"),
                heardCall()
                        .leave(100, "bob", "b1")
                        .warned(500, 600)
                        .warned(501, 600)
                        .deleted(600, EndReason.LIMIT)
                        .told());
    }

    @Test
    void call_nobodyEverSeen_isNotOnRecord() {
        var channel = Tracked.heard().token(0, "ann").look(0.1).look(31).look(35);
        assertEquals(List.of(), channel.told());
    }

    @Test
    void call_nextTokenAfterAnEmptyChannel_isAnotherRecord() {
        var channel = seenCall().look(70).look(73);
        assertNull(channel.state);
        channel.token(80, "ann").look(80.1).look(85, "ann").look(115).look(118);
        assertEquals(
                List.of("0: 0-70 talked 54.9 LEFT OBSERVATIONS +-30", "0: 80-115 talked 0 LEFT OBSERVATIONS +-30"),
                channel.records().stream().map(Tracked::line).toList());
        assertNotEquals(
                channel.records().get(0).callId(), channel.records().get(1).callId());
    }

    @Test
    void call_ofATokenFromBeforeTheLastOne_beginsWhenThatEnded() {
        var channel = Tracked.heard()
                .token(0, "ann")
                .token(1, "bob")
                .look(1.1)
                .join(5, "ann", "a1")
                .leave(6, "ann", "a1")
                .look(6.2)
                .join(8, "bob", "b1")
                .leave(20, "bob", "b1")
                .look(20.2);
        assertEquals(
                List.of("0: 1-6 talked 0 LEFT EVENTS +-1", "0: 6-20 talked 0 LEFT EVENTS +-1"),
                channel.records().stream().map(Tracked::line).toList());
    }

    @Test
    void call_supersededByNewcomers_endsBeforeTheirsBegins() {
        var channel = seenCall()
                .token(60, "eve")
                .look(65, "eve")
                .look(68, "eve")
                .look(100)
                .look(103);
        assertEquals(
                List.of("0: 0-60 talked 44.9 LEFT OBSERVATIONS +-20", "0: 60-100 talked 0 LEFT OBSERVATIONS +-32"),
                channel.records().stream().map(Tracked::line).toList());
        assertEquals(List.of("eve:68.1-100"), stays(channel.records().get(1)));
    }

    @Test
    void call_supersededByNewcomersOfWhomEventsTold_isNotTheirs() {
        var channel = heardCall()
                .token(60, "eve")
                .join(62, "eve", "e1")
                .look(65, "eve")
                .look(68, "eve")
                .leave(90, "eve", "e1")
                .look(90.1);
        assertEquals(List.of("ann:1-60", "bob:6-60"), stays(channel.records().get(0)));
        assertEquals(List.of("eve:62-90"), stays(channel.records().get(1)));
        assertEquals("0: 60-90 talked 0 LEFT EVENTS +-1", line(channel.records().get(1)));
    }

    @Test
    void call_overWhileASeatWaits_endsWhenItWasSeenToBeEmpty() {
        var channel = Tracked.seated()
                .token(0, "ann")
                .look(0.1)
                .look(5, "ann")
                .token(60, "bob")
                .look(60.1, "ann")
                .look(89, "ann")
                .look(91)
                .look(94);
        assertEquals(
                List.of("bob"),
                Objects.requireNonNull(channel.state).seats().held().stream()
                        .map(Seats.Seat::user)
                        .toList());
        assertEquals("0: 0-91 talked 0 LEFT OBSERVATIONS +-2", line(channel.record()));
    }

    @Test
    void call_tokenAfterItsLimit_isAnotherRecord() {
        var channel =
                heardCall().deleted(600, EndReason.LIMIT).token(601, "ann").join(602, "ann", "a2");
        assertEquals(1, channel.records().size());
        assertEquals("2 started 602", channel.told().get(channel.told().size() - 2));
    }

    @Test
    void call_tokenJustBeforeItIsDeleted_endsAtItsLimitAndAnotherBegins() {
        var channel =
                heardCall().token(599.9, "eve").deleted(600, EndReason.LIMIT).join(602, "eve", "e1");
        assertEquals("0: 0-600 talked 594 LIMIT EVENTS +-1", line(channel.record()));
        assertTrue(channel.told().contains("2 started 602"), channel.told()::toString);
    }

    @Test
    void lookup_thatIsAnsweredTooLate_tellsNothing() {
        var channel = heardCall().look(30, "eve");
        assertEquals(List.of("1 started 1", "1 user_joined ann 1", "1 user_joined bob 6"), channel.told());
    }

    @Test
    void leave_ofTheCallBefore_beginsNoRecord() {
        var channel = heardCall()
                .deleted(600, EndReason.LIMIT)
                .leave(600.5, "ann", "a1")
                .token(601, "eve")
                .leave(602, "bob", "b1");
        assertEquals(1, channel.records().size());
        assertTrue(channel.told().stream().allMatch(line -> line.startsWith("1 ")), channel.told()::toString);
    }

    @Test
    void call_joinTheOnlySignAndItsLeave_isOnRecord() {
        var channel = Tracked.heard().token(0, "ann").leave(4, "ann", "a1").forgotten(130);
        assertEquals("0: 0-4 talked 0 LEFT OBSERVATIONS +-?", line(channel.record()));
    }

    @Test
    void leave_ofSomebodyWithoutAToken_beginsNoRecord() {
        var channel = Tracked.heard().token(0, "ann").leave(4, "bob", "b1").forgotten(130);
        assertEquals(List.of(), channel.told());
    }

    private static Tracked over() {
        return heardCall().leave(100, "bob", "b1").leave(101, "ann", "a1").look(101.2);
    }

    @Test
    void callOver_peopleProveToHaveStayed_isCorrected() {
        var channel = over().look(103, "ann", "bob")
                .joinsTold(104, 1)
                .leave(200, "bob", "b3")
                .leave(201, "ann", "a3");
        channel.look(201.2);
        assertEquals(
                List.of("0: 0-101 talked 94 LEFT EVENTS +-1", "1: 0-201 talked 190.9 LEFT OBSERVATIONS +-1"),
                channel.records().stream().map(Tracked::line).toList());
        assertEquals(channel.records().get(0).callId(), channel.records().get(1).callId());
    }

    @Test
    void callOver_peopleWhoCameAfterwards_areAnother() {
        var channel = over().look(110, "ann", "bob").joinsTold(111, 108);
        assertEquals(1, channel.records().size());
        assertEquals("2 started 111", channel.told().get(channel.told().size() - 3));
    }

    @Test
    void callOver_peopleOfWhomNobodyTellsSinceWhen_areAnother() {
        var channel = over().look(110, "ann", "bob").nobodyTellsJoins(111);
        assertEquals(1, channel.records().size());
        assertTrue(channel.told().contains("2 started 111"), channel.told()::toString);
    }

    @Test
    void callOver_otherPeople_areAnother() {
        var channel = over().look(103, "eve");
        assertTrue(channel.told().contains("2 started 103.1"), channel.told()::toString);
    }

    @Test
    void callOver_peopleFoundWhoLeaveBeforeTheyTell_isCorrected() {
        var channel = over().look(103, "ann").look(140).look(143);
        assertEquals(
                List.of("0: 0-101 talked 94 LEFT EVENTS +-1", "1: 0-140 talked 94 LEFT OBSERVATIONS +-36.9"),
                channel.records().stream().map(Tracked::line).toList());
    }

    @Test
    void callOver_forgotten_isNotTouched() {
        var channel = over().forgotten(230);
        assertEquals("0: 0-101 talked 94 LEFT EVENTS +-1", line(channel.record()));
    }

    @Test
    void restart_peopleFoundWhoWereThereAllTheTime_goesOnInOneRecord() {
        var channel = heardCall()
                .restarted(60)
                .look(60.1, "ann", "bob")
                .joinsTold(61, 1)
                .leave(200, "bob", "b1")
                .leave(201, "ann", "a1")
                .look(201.2);
        assertEquals("0: 0-201 talked 194 LEFT RECOVERED +-1", line(channel.record()));
        assertEquals(
                1,
                channel.told().stream().filter(told -> told.contains("started")).count());
    }

    @Test
    void restart_peopleOfWhomNobodyTellsSinceWhen_goesOnInOneRecord() {
        var channel = heardCall()
                .restarted(60)
                .look(60.1, "ann", "bob")
                .nobodyTellsJoins(61)
                .look(91, "ann")
                .look(121)
                .look(124);
        assertEquals("0: 0-121 talked 85 LEFT RECOVERED +-30", line(channel.record()));
    }

    @Test
    void restart_nobodyFound_isLostWhenSomebodyWasSeenLast() {
        var channel = heardCall().restarted(1_000).look(1_000.1).look(1_030.1).look(1_033.2);
        assertNull(channel.state);
        assertEquals("0: 0-40 talked 34 LOST RECOVERED +-990.1", line(channel.record()));
    }

    @Test
    void restart_peopleWhoCameMeanwhile_areAnotherCall() {
        var channel = heardCall().restarted(1_000).look(1_000.1, "ann", "bob").joinsTold(1_001, 900);
        assertEquals("0: 0-40 talked 34 LOST RECOVERED +-961", line(channel.record()));
        assertTrue(channel.told().contains("2 started 1001"), channel.told()::toString);
    }

    @Test
    void restart_otherPeople_areAnotherCall() {
        var channel = heardCall().restarted(1_000).look(1_000.1, "eve");
        assertEquals(EndReason.LOST, channel.record().endReason());
        assertTrue(channel.told().contains("2 started 1000.2"), channel.told()::toString);
    }

    @Test
    void restart_anotherJoinsBeforeAnybodyLooks_goesOnInOneRecord() {
        var channel = heardCall()
                .restarted(60)
                .join(61, "eve", "e1")
                .look(62, "ann", "eve")
                .joinsTold(63, 1)
                .look(66, "ann", "eve")
                .look(96, "ann", "eve")
                .leave(200, "eve", "e1")
                .leave(201, "ann", "a1")
                .look(201.2);
        assertEquals("0: 0-201 talked 194 LEFT RECOVERED +-1", line(channel.record()));
        assertEquals(List.of("ann:1-201", "bob:6-66", "eve:61-200"), stays(channel.record()));
    }

    @Test
    void restart_anotherJoinsAndIsFoundAlone_isAnotherCall() {
        var channel = heardCall().restarted(60).join(61, "eve", "e1").look(62, "eve");
        assertEquals("0: 0-40 talked 34 LOST RECOVERED +-22", line(channel.record()));
        assertTrue(channel.told().contains("2 started 62.1"), channel.told()::toString);
    }

    @Test
    void restart_twiceBeforeAnybodyLooks_losesNothing() {
        var channel =
                heardCall().restarted(60).restarted(70).look(70.1, "ann", "bob").joinsTold(71, 1);
        channel.deleted(600, EndReason.LIMIT);
        assertEquals(EndReason.LIMIT, channel.record().endReason());
        assertEquals(
                1,
                channel.told().stream().filter(told -> told.contains("started")).count());
    }

    @Test
    void restart_call_isBelievedToBeginAnew() {
        var channel = heardCall().restarted(60);
        var state = Objects.requireNonNull(channel.state);
        assertEquals(Tracked.at(60), state.call().safeStart());
        assertTrue(state.isLive());
        assertEquals(Tracked.at(60), state.dueAt(CallRules.limit(Duration.ofMinutes(10))));
        assertEquals(Optional.of(Tracked.at(660)), state.endDueAt(CallRules.limit(Duration.ofMinutes(10))));
    }

    @Test
    void warning_callOnRecord_comesOnceBeforeTheLimit() {
        var rules = new CallRules(
                Optional.of(Duration.ofMinutes(10)), Optional.of(Duration.ofMinutes(1)), Optional.empty());
        var channel = heardCall();
        var state = Objects.requireNonNull(channel.state);
        assertEquals(Optional.of(Tracked.at(540)), state.deadlineAt(rules));
        assertEquals(Optional.of(Tracked.at(600)), state.endDueAt(rules));
        channel.warned(540, 600);
        var warned = Objects.requireNonNull(channel.state);
        assertEquals(Optional.empty(), warned.warningDueAt(rules));
        assertEquals(Optional.of(Tracked.at(600)), warned.deadlineAt(rules));
    }

    @Test
    void events_forgedInMasses_leaveNoMoreThanAFewStaysAndNotices() {
        var channel = heardCall();
        for (int i = 0; i < 2_000; i++) {
            channel.join(50 + i * 0.01, "u" + i, "s" + i).leave(50.005 + i * 0.01, "u" + i, "s" + i);
        }
        var open = Objects.requireNonNull(Objects.requireNonNull(channel.state).open());
        assertEquals(StayBook.MAX_STAYS, open.stays().size());
        channel.leave(100, "bob", "b1").leave(160, "ann", "a1").look(160.2);
        assertEquals("0: 0-160 talked 94 LEFT EVENTS +-1", line(channel.record()));
        assertTrue(channel.told().size() <= RecordDraft.MAX_TOLD + 1);
    }

    @Test
    void talk_ofStaysThatAreTooMany_isCountedAllTheSame() {
        var channel = Tracked.heard().token(0, "ann").look(0.1).join(1, "ann", "a1");
        for (int i = 0; i < 100; i++) {
            channel.join(10 + i * 10, "u" + i, "s" + i).leave(14 + i * 10, "u" + i, "s" + i);
        }
        channel.leave(1_100, "ann", "a1").look(1_100.1);
        assertEquals("0: 0-1100 talked 400 LEFT EVENTS +-1", line(channel.record()));
    }

    static Stream<Function<ChannelState, Transition>> steps() {
        return Stream.of(
                state -> Recorder.OFF.changed(null, state, Tracked.T0),
                state -> Recorder.OFF.ended(state, state, EndReason.LIMIT, Tracked.T0),
                state -> Recorder.OFF.warned(state, Tracked.T0, Tracked.T0));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void records_off_leaveTheStateAsItIs(Function<ChannelState, Transition> step) {
        var state =
                ChannelState.begun(Tracked.ROOM, 1, Tickets.of(new UserId("ann"), Tracked.T0), TestPolicies.SEATLESS);
        assertEquals(Transition.silent(state), step.apply(state));
    }
}
