package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.records.FileRecords;
import alirtc.appserver.records.SampleCalls;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator's backend learns of calls that are over, and of what could not be told, over HTTP. */
class AdminRecordsTest {
    private static final String SECRET = "admin-secret-nobody-must-see";

    /** The server's clock begins a little after it. */
    private static final Instant NOON = Instant.parse("2026-11-22T10:00:00Z");

    private final Written written = new Written();

    @TempDir
    private Path folder;

    private TestServer server;
    private FileRecords records;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(Map.of("admin.secret", SECRET));
        records = CallArchives.publish(server, folder.resolve("records"));
    }

    @AfterEach
    void stop() {
        server.close();
        records.close();
        written.close();
    }

    private TestServer.Answer ask(String method, String target) throws Exception {
        return server.call(method, target, "Authorization", "Bearer " + SECRET);
    }

    private JsonNode data(String method, String target) throws Exception {
        var answer = ask(method, target);
        assertEquals(200, answer.status(), answer.body()::toString);
        return answer.data();
    }

    /** Has calls end an hour apart, the first one minute after noon. */
    private void haveEnded(int calls) {
        for (int n = 1; n <= calls; n++) {
            var start = NOON.plus(Duration.ofHours(n - 1));
            SampleCalls.begin(records, n, start);
            SampleCalls.end(records, n, start);
        }
    }

    private static List<String> texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> one.path(field).textValue())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, admin/records, 'No records are kept; the setting records says where to keep them'",
        "GET, admin/webhooks, 'No webhooks are sent; the setting webhooks.url says where to'",
        "POST, admin/webhooks/msg_1_1, 'No webhooks are sent; the setting webhooks.url says where to'",
    })
    void routes_whileNothingIsKept_sayBy409WhatToSet(String method, String target, String message) throws Exception {
        try (var bare = TestServer.start(Map.of("admin.secret", SECRET))) {
            var answer = bare.call(method, target, "Authorization", "Bearer " + SECRET);
            assertEquals(409, answer.status());
            assertEquals("conflict", answer.header("X-Error-Reason"));
            assertEquals(message, answer.body().path("message").textValue());
        }
    }

    @Test
    void record_each_isToldWhole() throws Exception {
        haveEnded(1);

        var record = data("GET", "admin/records?from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z")
                .path("records")
                .get(0);

        assertEquals(SampleCalls.id(1), record.path("callId").textValue());
        assertEquals("room-1", record.path("channel").textValue());
        assertEquals("2026-11-22T10:00:00.000Z", record.path("startedAt").textValue());
        assertEquals(60_000, record.path("durationMillis").longValue());
        assertEquals(50_000, record.path("talkMillis").longValue());
        assertEquals("left", record.path("endReason").textValue());
        assertEquals("events", record.path("evidence").textValue());
        assertEquals(1000, record.path("errorMillis").longValue());
        assertEquals("bob", record.path("users").get(0).path("user").textValue());
    }

    @Test
    void record_ofACallThatTheOperatorEnded_saysSo() throws Exception {
        var settings = Map.of(
                "admin.secret",
                SECRET,
                "records",
                "file",
                "records.dir",
                folder.resolve("of-the-server").toString());
        try (var keeping = TestServer.start(settings)) {
            var user = keeping.now("token", "room1").data().path("userid").textValue();
            keeping.sandbox().join("room1", user);
            keeping.pass(Duration.ofSeconds(5));
            keeping.now("users", "room1");
            keeping.pass(Duration.ofSeconds(55));
            var authorization = new String[] {"Authorization", "Bearer " + SECRET};
            var callId = keeping.call("GET", "admin/calls/room1", authorization)
                    .data()
                    .path("callId")
                    .textValue();
            keeping.call("DELETE", "admin/calls/room1?for=1m", authorization);
            keeping.pass(Duration.ofSeconds(1));

            var records =
                    keeping.call("GET", "admin/records", authorization).data().path("records");

            assertEquals(1, records.size());
            assertEquals(callId, records.get(0).path("callId").textValue());
            assertEquals("ended", records.get(0).path("endReason").textValue());
            assertEquals(user, records.get(0).path("users").get(0).path("user").textValue());
            assertEquals(60, records.get(0).path("durationMillis").longValue() / 1000);
            assertEquals(
                    409, keeping.call("GET", "admin/webhooks", authorization).status());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'from=2026-11-22T10:01:00Z&to=2026-11-22T12:01:00Z', 'room-1,room-2', true",
        "'from=2026-11-22T18:01:00%2B08:00&to=2026-11-22T20:01:00%2B08:00', 'room-1,room-2', true",
        "'from=1795341660000&to=1795348860000', 'room-1,room-2', true",
        "'from=2026-11-22T10:01:00.001Z&to=2026-11-22T12:01:00.001Z', 'room-2,room-3', true",
        "'from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z&limit=2', 'room-1,room-2', false",
        "'from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z&limit=4', 'room-1,room-2,room-3,room-4', true",
    })
    void records_ofASpan_areThoseOfCallsThatEndedInIt_theEarliestFirst(String span, String rooms, boolean complete)
            throws Exception {
        haveEnded(4);
        var data = data("GET", "admin/records?" + span);
        assertEquals(List.of(rooms.split(",", -1)), texts(data.path("records"), "channel"));
        assertEquals(complete, data.path("complete").booleanValue());
    }

    @Test
    void records_withoutASpan_areThoseOfTheLastDay() throws Exception {
        haveEnded(4);
        assertEquals(0, data("GET", "admin/records").path("records").size());
        server.time().advance(Duration.ofHours(26));
        assertEquals(
                List.of("room-3", "room-4"), texts(data("GET", "admin/records").path("records"), "channel"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from=yesterday | from must be a time such as 2026-11-22T00:00:00Z, or milliseconds since 1970",
                "from= | from must be a time such as 2026-11-22T00:00:00Z, or milliseconds since 1970",
                "to=2026-11-22 | to must be a time such as 2026-11-22T00:00:00Z, or milliseconds since 1970",
                "to=2026-11-22T20:01:00+08:00 | to must be a time such as 2026-11-22T00:00:00Z,"
                        + " or milliseconds since 1970",
                "from=2&to=1 | from must be before to",
                "from=2&to=2 | from must be before to",
                "since=1 | The parameters here are from, to, limit",
                "limit=0 | limit must be a whole number from 1 to 1000",
            })
    void parameter_wrong_isToldWithWhatIsAllowed(String query, String message) throws Exception {
        var answer = ask("GET", "admin/records?" + query);
        assertEquals(400, answer.status());
        assertEquals(message, answer.body().path("message").textValue());
    }

    @Test
    void webhooks_givenUp_areListed_andSentAgain() throws Exception {
        haveEnded(2);
        var first = records.takeDue(10).get(20, TimeUnit.SECONDS).get(0);
        records.gaveUp(first).get(20, TimeUnit.SECONDS);

        var data = data("GET", "admin/webhooks");

        assertEquals(1, data.path("givenUpCount").longValue());
        assertEquals(5, data.path("waitingCount").longValue());
        var givenUp = data.path("givenUp").get(0);
        assertEquals(first.id(), givenUp.path("id").textValue());
        assertEquals("call.started", givenUp.path("type").textValue());
        assertEquals(SampleCalls.id(1), givenUp.path("callId").textValue());
        assertEquals(1, givenUp.path("seq").intValue());
        assertEquals(2, data("GET", "admin/webhooks?limit=2").path("waiting").size());

        assertEquals(
                "{\"id\":\"" + first.id() + "\"}",
                data("POST", "admin/webhooks/" + first.id()).toString());
        assertEquals(0, data("GET", "admin/webhooks").path("givenUp").size());
        assertEquals(404, ask("POST", "admin/webhooks/" + first.id()).status());
        var log = written.text();
        assertTrue(
                log.contains("Webhook sent again by the operator   id=" + first.id()
                        + " outcome=waiting client=127.0.0.1 actor=-"),
                log);
        assertFalse(log.contains(SECRET), "tells the secret");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, admin/webhooks/a%20b, 'The id of a message must be 1-128 of A-Z a-z 0-9 _ -'",
        "POST, admin/webhooks/msg_1_1?again=1, No parameters are taken here",
        "GET, admin/webhooks?all=1, The parameters here are limit",
    })
    void webhooks_askedForWrongly_are400(String method, String target, String message) throws Exception {
        var answer = ask(method, target);
        assertEquals(400, answer.status());
        assertEquals(message, answer.body().path("message").textValue());
    }
}
