package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Joins;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.token.ChannelId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NewestCallsTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final NewestCalls newest = new NewestCalls();

    private static ChannelId channel(int number) {
        return new ChannelId("room" + number);
    }

    /** Returns the state of a channel whose call began so many seconds after the start. */
    private static ChannelState live(int number, int second) {
        var joins = new Joins(START.plusSeconds(second), START.plusSeconds(second), START.plusSeconds(second));
        return ChannelState.found(
                channel(number), number, Optional.of(joins), ShownUsers.users("ann"), START, TestPolicies.SEATLESS);
    }

    @Test
    void calls_more_thanAreKept_areTheNewest() {
        for (int i = 0; i < 3 * NewestCalls.MAX; i++) {
            newest.changed(live(i, i % 2 == 0 ? i : -i));
        }
        assertEquals(List.of(channel(1498), channel(1496), channel(1494)), newest.first(3));
        assertEquals(NewestCalls.MAX, newest.first(Integer.MAX_VALUE).size());
    }

    @Test
    void calls_thatFellOut_comeBackWhenOthersEnd() {
        for (int i = 0; i <= NewestCalls.MAX; i++) {
            newest.changed(live(i, i));
        }
        newest.changed(live(0, 0));
        assertEquals(channel(1), newest.first(NewestCalls.MAX).get(NewestCalls.MAX - 1));
        newest.forget(channel(NewestCalls.MAX));
        newest.changed(live(0, 0));
        assertEquals(channel(0), newest.first(NewestCalls.MAX).get(NewestCalls.MAX - 1));
    }

    @Test
    void call_whoseStartProvesToBeEarlier_isKeptOnce() {
        newest.changed(live(1, 10));
        newest.changed(live(2, 20));
        newest.changed(live(2, 5));
        assertEquals(List.of(channel(1), channel(2)), newest.first(9));
    }
}
