package alirtc.appserver.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class SecureDrawTest {
    /** The remainder of a number of 31 bits alone would bring the lower ones 2,400 times more often. */
    @Test
    void userId_manyDraws_everyFirstDigitComesEquallyOften() {
        var draw = new SecureDraw(new SecureRandom());
        var counts = new int[10];
        for (int i = 0; i < 1_000_000; i++) {
            counts[draw.userId().value().charAt(0) - '0']++;
        }
        for (int count : counts) {
            // The standard deviation is 300.
            assertEquals(100_000, count, 1_700);
        }
    }
}
