package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller's trace goes on in the answer, if it is of good form. */
class TraceContextTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String GOOD = "00-" + TRACE + "-" + SPAN + "-01";

    private static TraceContext of(String header) {
        return TraceContext.of(GivenRequest.of("", Map.of("traceparent", header)));
    }

    @Test
    void trace_ofTheCaller_goesOnWithASpanOfItsOwn() {
        var trace = of(GOOD);

        assertEquals(TRACE, trace.traceId());
        assertNotEquals(SPAN, trace.spanId());
        assertEquals("00-" + TRACE + "-" + trace.spanId() + "-01", trace.header());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-what", "-what-follows"})
    void trace_ofALaterVersion_goesOn(String more) {
        assertEquals(TRACE, of("cc" + GOOD.substring(2) + more).traceId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-" + TRACE + "-" + SPAN,
                "ff-" + TRACE + "-" + SPAN + "-01",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
                GOOD + "-more",
                "cc-" + TRACE + "-" + SPAN + "-01more",
                GOOD + "\nforged",
                " " + GOOD,
            })
    void trace_ofBadForm_isANewOne(String header) {
        var trace = of(header);

        assertFalse(header.contains(trace.traceId()));
        assertTrue(trace.header().matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"), trace::header);
    }

    @Test
    void trace_notNamed_isANewOneEachTime() {
        var request = GivenRequest.of("", new HashMap<>());

        assertNotEquals(
                TraceContext.of(request).traceId(), TraceContext.of(request).traceId());
    }

    @Test
    void answer_anyWithATrace_namesIt() throws Exception {
        try (var server = TestServer.start(Map.of())) {
            for (var path : new String[] {"app/token?channelId=a", "app/token", "app/none", "health/ready"}) {
                var answer = server.call("GET", path, "traceparent", GOOD);
                assertTrue(answer.header("traceparent").startsWith("00-" + TRACE + "-"), path);
            }
        }
    }
}
