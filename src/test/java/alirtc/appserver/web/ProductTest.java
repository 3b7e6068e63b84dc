package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Where the two products differ: what ApsaraVideo Live cannot tell, and an application of the other product. */
class ProductTest {
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final String DELETE = "DeleteChannel";

    private static TestServer live(Map<String, String> more) throws Exception {
        return TestServer.start(Product.LIVE, more);
    }

    /** Lets time pass in small steps, so that calls upstream can be answered in between. */
    private static void pass(TestServer server, Duration time) throws Exception {
        var never = new CompletableFuture<Void>();
        for (var passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
            server.time().advance(STEP);
            try {
                never.get(10, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // That was real time for real calls.
            }
        }
    }

    /** Lets time pass, ten minutes at the most, until so many deletions have been asked for. */
    private static void passUntilDeletions(TestServer server, int n) throws Exception {
        for (int i = 0; i < 600 && server.sandbox().requestCount(DELETE) < n; i++) {
            pass(server, STEP);
        }
        assertEquals(n, server.sandbox().requestCount(DELETE));
    }

    private static String upstream(TestServer server) throws Exception {
        var answer = server.send(HttpRequest.newBuilder(server.page().resolve("app/state")))
                .get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return answer.data().path("upstream").path("failure").asText("");
    }

    @Test
    void users_ofLive_readAsTheUsersOfACommunicationChannel() throws Exception {
        try (var server = live(Map.of())) {
            server.sandbox().join("room", "ann");
            server.sandbox().join("room", "bob");
            var data = server.now("users", "room").data();
            assertEquals(1, data.path("channelProfile").intValue());
            assertEquals(2, data.path("commTotalNum").intValue());
            assertEquals("[\"ann\",\"bob\"]", data.path("userList").toString());
            assertEquals(0, data.path("interactiveUserNum").asInt(-1));
            assertEquals("[]", data.path("interactiveUserList").toString());
            server.sandbox().delete("room");
            server.time().advance(Duration.ofSeconds(2));
            assertEquals(
                    0, server.now("users", "room").data().path("channelProfile").asInt(-1));
        }
    }

    @Test
    void start_ofACallBegunWithAToken_isKnownOnLiveToo() throws Exception {
        try (var server = live(Map.of())) {
            long began = server.time().wall().millis();
            var user = server.now("token", "room").data().path("userid").textValue();
            server.sandbox().join("room", user);
            server.now("start", "room");
            pass(server, Duration.ofMinutes(2));
            var start = server.now("start", "room");
            assertEquals(200, start.status(), start.body()::toString);
            assertEquals(began, start.data().path("channelStartTimeTs").longValue());
        }
    }

    @Test
    void start_afterARestartOnLive_isNotToldAsIfItWereKnown() throws Exception {
        try (var server = live(Map.of())) {
            server.sandbox().join("room", "ann");
            assertEquals(404, server.now("start", "room").status());
            server.now("token", "room");
            assertEquals(404, server.now("start", "room").status());
            pass(server, Duration.ofMinutes(2));
            assertEquals(404, server.now("start", "room").status());
        }
    }

    @ParameterizedTest
    @CsvSource({"start", "token"})
    void limit_ofACallWhoseStartNobodyTells_countsFromWhenItWasFound(String first) throws Exception {
        try (var server = live(Map.of("durationlimit", "2"))) {
            server.sandbox().join("room", "ann");
            server.now(first, "room");
            pass(server, Duration.ofSeconds(119));
            assertEquals(0, server.sandbox().requestCount(DELETE));
            passUntilDeletions(server, 1);
        }
    }

    @Test
    void limit_reachedOnLiveWhenAllHaveJustGone_countsAsEnded() throws Exception {
        try (var server = live(Map.of("durationlimit", "2"))) {
            server.sandbox().join("room", "ann");
            server.now("start", "room");
            pass(server, Duration.ofSeconds(119));
            server.sandbox().reset();
            passUntilDeletions(server, 1);
            pass(server, Duration.ofSeconds(5));
            assertEquals(1, server.sandbox().requestCount(DELETE), "it is not tried again");
            assertEquals("", upstream(server), "a channel that is gone is no failure");
        }
    }

    @Test
    void limit_reachedWithAnApplicationOfTheOtherProduct_isNotTakenForAnEnd() throws Exception {
        try (var server = TestServer.start(Product.RTC, Map.of("rtc.openapi", "live", "durationlimit", "1"))) {
            server.now("token", "room");
            passUntilDeletions(server, 2);
            assertEquals("app_not_found", upstream(server));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RTC, live, set rtc.openapi = rtc",
        "LIVE, rtc, set rtc.openapi = live",
    })
    void application_ofTheOtherProduct_is502AndExplainedInTheLogOncePerChange(
            Product product, String setting, String hint) throws Exception {
        var log = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger(RtcClient.class);
        log.start();
        logger.addAppender(log);
        try (var server = TestServer.start(product, Map.of("rtc.openapi", setting))) {
            assertEquals(200, server.now("token", "room").status());
            for (int i = 0; i < 3; i++) {
                server.time().advance(Duration.ofSeconds(1));
                var users = server.now("users", "room" + i);
                assertEquals(502, users.status());
                assertFalse(users.body().toString().contains("openapi"), users.body()::toString);
                assertEquals(502, server.now("start", "room" + i).status());
            }
            assertEquals("app_not_found", upstream(server));
            assertEquals(1, texts(log).size(), texts(log)::toString);
            assertTrue(texts(log).get(0).contains(hint), texts(log)::toString);

            server.time().advance(Duration.ofSeconds(1));
            server.sandbox().set(Fault.of(FaultKind.FORBIDDEN));
            server.now("users", "room3");
            assertEquals("refused", upstream(server));
            server.sandbox().clearFaults();
            server.now("users", "room4");
            assertEquals(2, texts(log).size(), "once more after another failure");
        } finally {
            logger.detachAppender(log);
        }
    }

    private static List<String> texts(ListAppender<ILoggingEvent> log) {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
