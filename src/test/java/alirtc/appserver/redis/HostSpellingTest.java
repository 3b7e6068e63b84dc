package alirtc.appserver.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostSpellingTest {
    private long nanos;
    private final HostSpelling spelling = new HostSpelling(() -> nanos);

    @Test
    void of_eachSecondForAsLongAsJavaKeepsAddresses_isAnotherSpellingOfTheName() {
        var seen = new HashSet<String>();
        for (int second = 0; second <= 30; second++) {
            var spelled = spelling.of("r-1.redis.example");
            assertTrue(seen.add(spelled), spelled);
            assertEquals("r-1.redis.example", spelled.toLowerCase(java.util.Locale.ROOT));
            nanos += Duration.ofSeconds(1).toNanos();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[fe80::abcd]"})
    void of_address_staysAsItIs(String address) {
        nanos = Duration.ofSeconds(31).toNanos();
        assertEquals(address, spelling.of(address));
    }
}
