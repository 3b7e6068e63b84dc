package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocaleTest {
    @Test
    void users_machineWithABuddhistCalendar_signsWithAYearThatTheUpstreamTakes() throws Exception {
        var before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("th-TH-u-ca-buddhist-nu-thai"));
        try (var server = TestServer.start(Map.of())) {
            assertEquals(200, server.now("users", "room").status());
            var start = server.now("token", "room");
            assertEquals(
                    "2026",
                    server.now("start", "room")
                            .data()
                            .path("channelStartTimeUtc")
                            .textValue()
                            .substring(0, 4));
            assertEquals(200, start.status());
        } finally {
            Locale.setDefault(before);
        }
    }
}
