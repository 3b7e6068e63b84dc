package alirtc.appserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The sandbox with an application of ApsaraVideo Live, as a bare socket finds it. */
class LiveDialectTest {
    private static final Account ACCOUNT = new Account("app1", "key1", "secret1", Product.LIVE);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String USERS = "DescribeChannelUsers";

    private final Sandbox sandbox = Sandbox.start(ACCOUNT, () -> NOW);
    private final RawClient raw = new RawClient(sandbox.endpoint(), ACCOUNT, () -> NOW);

    @AfterEach
    void close() {
        sandbox.close();
    }

    private RawClient.Answer request(String action, Map<String, String> changes) throws IOException {
        var parameters = raw.parameters(action, "c1");
        parameters.put("Version", "2016-11-01");
        parameters.putAll(changes);
        return raw.request(parameters);
    }

    private JsonNode users() throws IOException {
        return request(USERS, Map.of()).json();
    }

    @Test
    void describeChannelUsers_twoIn_answersEveryField() throws Exception {
        sandbox.join("c1", "1");
        sandbox.join("c1", "2");

        var answer = users();

        assertFalse(answer.path("RequestId").asText().isEmpty());
        assertEquals(NOW.getEpochSecond(), answer.path("Timestamp").longValue());
        assertTrue(answer.path("IsChannelExists").booleanValue());
        assertEquals(2, answer.path("InteractiveUserNumber").intValue());
        assertEquals(0, answer.path("LiveUserNumber").asInt(-1));
        assertEquals("[\"1\",\"2\"]", answer.path("InteractiveUserList").toString());
        assertEquals("[]", answer.path("LiveUserList").toString());
        assertEquals(7, answer.size());
    }

    @Test
    void deleteChannel_usersIn_removesThemAndTheChannelLingers() throws Exception {
        sandbox.join("c1", "1");

        assertEquals(200, request("DeleteChannel", Map.of()).status());

        assertTrue(users().path("IsChannelExists").booleanValue());
        assertEquals(0, users().path("InteractiveUserNumber").asInt(-1));
    }

    @ParameterizedTest
    @CsvSource({
        "DescribeChannelUsers, AppId, other, 404, AppOrChannelNotExists",
        "DescribeChannelUsers, ChannelId, '', 400, InvalidInput",
        "DeleteChannel, ChannelId, none, 404, AppOrChannelNotExists",
        "DeleteChannel, AppId, other, 404, AppOrChannelNotExists",
        "DeleteChannel, AppId, '', 400, InvalidInput",
    })
    void request_wrongParameter_isRejectedByStatusAndName(
            String action, String parameter, String value, int status, String name) throws Exception {
        var answer = request(action, Map.of(parameter, value));

        assertEquals(status, answer.status());
        assertEquals(Integer.toString(status), answer.json().path("Code").textValue());
        assertEquals(name, answer.json().path("Message").textValue());
    }

    @Test
    void request_actionThatLiveLacks_isNotFound() throws Exception {
        var answer = request("DescribeUserInfoInChannel", Map.of());

        assertEquals("InvalidAction.NotFound", answer.json().path("Code").textValue());
    }

    @Test
    void request_asRtc_doesNotKnowTheApplication() throws Exception {
        var answer = request(USERS, Map.of("Version", "2018-01-11"));

        assertEquals("request.illegalauth", answer.json().path("Code").textValue());
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultKind.class,
            names = {"MISSING", "WRONGANSWER"})
    void missingAndWronganswer_askedForUsers_tellNothingOfThem(FaultKind kind) throws Exception {
        sandbox.set(Fault.of(kind));

        assertEquals(1, users().size());
    }

    @Test
    void wronganswer_deleteChannel_tellsTheUsersAndRemovesNobody() throws Exception {
        sandbox.join("c1", "1");
        sandbox.set(Fault.of(FaultKind.WRONGANSWER));

        assertTrue(request("DeleteChannel", Map.of()).json().has("InteractiveUserList"));
        assertTrue(sandbox.channels().containsKey("c1"));
    }
}
