package alirtc.appserver.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.token.ChannelId;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OccupancyTest {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private static Instant at(double seconds) {
        return T0.plusMillis((long) (seconds * 1000));
    }

    private static ChannelEvent join(String user, String session) {
        return new ChannelEvent(new ChannelId("room1"), Kind.JOIN, user, session);
    }

    private static ChannelEvent leave(String user, String session) {
        return new ChannelEvent(new ChannelId("room1"), Kind.LEAVE, user, session);
    }

    private static Observation look(double askedAt, double answeredAt, String... users) {
        return new Observation(at(askedAt), at(answeredAt), ShownUsers.users(users));
    }

    private static Occupancy annIsIn() {
        return Occupancy.NONE.told(join("ann", "s1"), at(1));
    }

    @Test
    void told_joinTwice_countsOnce() {
        var once = annIsIn();
        assertSame(once, once.told(join("ann", "s1"), at(2)));
        assertEquals(1, once.present().size());
    }

    @Test
    void told_lateLeaveOfAnOldSession_newOneStays() {
        var both = annIsIn().told(join("ann", "s2"), at(2)).told(leave("ann", "s1"), at(3));
        assertEquals(Set.of("ann"), both.users());
        assertTrue(both.heardOf("ann"));
    }

    @Test
    void told_leaveBeforeItsJoin_userIsNotThere() {
        var left = Occupancy.NONE.told(leave("ann", "s1"), at(1));
        assertSame(left, left.told(join("ann", "s1"), at(2)));
        assertTrue(left.isEmpty());
    }

    @Test
    void told_leaveOfASessionThatALookupFound_userIsGone() {
        var found = Occupancy.NONE.observed(look(1, 1.1, "ann"));
        assertTrue(found.told(leave("ann", "s1"), at(2)).isEmpty());
    }

    @Test
    void told_close_leavesTheSessionsToALookup() {
        var closed = annIsIn().told(new ChannelEvent(new ChannelId("room1"), Kind.CLOSE, "", "close@1"), at(2));
        assertEquals(Set.of("ann"), closed.users());
        assertFalse(closed.equals(annIsIn()));
    }

    @Test
    void observed_othersThanTold_isCorrected() {
        var corrected = annIsIn().observed(look(2, 2.1, "bob"));
        assertEquals(Set.of("bob"), corrected.users());
        assertFalse(corrected.heardOf("bob"));
        assertFalse(corrected.isHeard());
    }

    @Test
    void observed_joinToldForOneWhomALookupFound_isHeard() {
        var heard = Occupancy.NONE.observed(look(1, 1.1, "ann")).told(join("ann", "s1"), at(2));
        assertEquals(1, heard.present().size());
        assertTrue(heard.isHeard());
    }

    @Test
    void observed_askedBeforeAJoinWasTold_keepsIt() {
        assertEquals(Set.of("ann"), annIsIn().observed(look(0.9, 1.5)).users());
    }

    @Test
    void observed_askedBeforeALeaveWasTold_doesNotBringTheUserBack() {
        var left = annIsIn().told(leave("ann", "s1"), at(2));
        assertTrue(left.observed(look(1.9, 2.5, "ann")).isEmpty());
        assertEquals(Set.of("ann"), left.observed(look(2.1, 2.5, "ann")).users());
    }

    @Test
    void told_moreThanAreKept_isFull() {
        var full = Occupancy.NONE;
        for (int i = 0; i < Occupancy.MAX_SESSIONS + 1; i++) {
            full = full.told(join("u" + i, "s" + i), at(i));
        }
        assertTrue(full.isFull());
        assertEquals(Occupancy.MAX_SESSIONS, full.present().size());
    }
}
