package alirtc.appserver.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Bars.Bar;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BarsTest {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final String ANN = "ann";
    private static final String BOB = "bob";

    private static Bars of(Bar... bars) {
        return new Bars(List.of(bars));
    }

    @Test
    void bars_ofAUser_holdForThatUserUntilTheirEnd() {
        var bars = of(new Bar("ann", T0.plusSeconds(60)));
        assertTrue(bars.bars(ANN, T0));
        assertTrue(bars.bars(ANN, T0.plusSeconds(60).minusNanos(1)));
        assertFalse(bars.bars(ANN, T0.plusSeconds(60)));
        assertFalse(bars.bars(BOB, T0));
    }

    @Test
    void bars_ofAChannel_holdForEverybody() {
        var bars = of(new Bar(null, T0.plusSeconds(60)));
        assertTrue(bars.bars(ANN, T0));
        assertTrue(bars.bars(BOB, T0));
        assertFalse(bars.bars(BOB, T0.plusSeconds(60)));
    }

    @Test
    void with_aSecondOfTheSameUser_replacesTheFirst() {
        var shorter = new Bar("ann", T0.plusSeconds(1));
        assertEquals(
                Optional.of(of(shorter)), of(new Bar("ann", T0.plusSeconds(60))).with(shorter, T0));
        var ofChannel = new Bar(null, T0.plusSeconds(2));
        assertEquals(
                Optional.of(of(shorter, ofChannel)),
                of(new Bar(null, T0.plusSeconds(60)), shorter).with(ofChannel, T0));
    }

    @Test
    void with_more_dropsThoseThatAreOver() {
        var bob = new Bar("bob", T0.plusSeconds(60));
        assertEquals(Optional.of(of(bob)), of(new Bar("ann", T0)).with(bob, T0));
    }

    @Test
    void with_tooMany_isRefusedUntilOneIsOver() {
        var bars = Bars.NONE;
        for (int i = 0; i < Bars.MAX; i++) {
            bars = bars.with(new Bar("user" + i, T0.plusSeconds(60 + i)), T0).orElseThrow();
        }
        var more = new Bar("ann", T0.plusSeconds(200));
        assertEquals(Optional.empty(), bars.with(more, T0));
        assertTrue(bars.with(new Bar("user7", T0.plusSeconds(1)), T0).isPresent());
        assertEquals(
                Bars.MAX,
                bars.with(more, T0.plusSeconds(60)).orElseThrow().all().size());
    }

    @Test
    void end_ofSeveral_isThatOfTheLast() {
        assertEquals(Optional.empty(), Bars.NONE.end());
        assertEquals(
                Optional.of(T0.plusSeconds(9)),
                of(new Bar("ann", T0.plusSeconds(9)), new Bar(null, T0.plusSeconds(3)))
                        .end());
    }

    @Test
    void at_aTime_leavesThoseThatHold() {
        var ann = new Bar("ann", T0.plusSeconds(9));
        var bars = of(ann, new Bar(null, T0.plusSeconds(3)));
        assertSame(bars, bars.at(T0));
        assertEquals(of(ann), bars.at(T0.plusSeconds(3)));
        assertTrue(bars.at(T0.plusSeconds(9)).isEmpty());
    }
}
