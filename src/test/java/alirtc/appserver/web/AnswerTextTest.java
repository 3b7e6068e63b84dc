package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What phones get, to the letter: the order of the fields, no blanks, and what is left out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswerTextTest {
    private static final String SUCCESS =
            "\\{\"result\":\"true\",\"requestId\":\"[0-9a-f-]+\",\"message\":\"\",\"code\":\"200\",\"data\":";

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestServer server;

    AnswerTextTest() throws Exception {
        server = TestServer.start(Map.of("durationlimit", "60"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeAll
    void join() {
        server.sandbox().join("room", "ann");
        server.sandbox().join("room", "bob");
    }

    private String get(String path) throws IOException, InterruptedException {
        URI address = server.page().resolve("app/" + path);
        var request =
                HttpRequest.newBuilder(address).timeout(TestServer.PATIENCE).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8)).body();
    }

    private static void assertMatches(String pattern, String body) {
        assertTrue(body.matches(pattern), body);
    }

    @Test
    void token_text_isTheFieldsInOrder() throws Exception {
        assertMatches(
                SUCCESS
                        + "\\{\"appid\":\"iwo5l81k\",\"userid\":\"(\\d{8})\",\"gslb\":\\[\"https://rgslb.rtc.aliyuncs.com\"],"
                        + "\"token\":\"([0-9a-f]{64})\",\"nonce\":\"(AK-[0-9a-f]{32})\",\"timestamp\":(\\d{10}),"
                        + "\"turn\":\\{\"username\":\"\\1\\?appid=iwo5l81k&channel=new&nonce=\\3&timestamp=\\4\","
                        + "\"password\":\"\\2\"},\"joinToken\":\"[A-Za-z0-9+/]+=*\"}}",
                get("token?channelId=new"));
    }

    @Test
    void users_text_isTheFieldsInOrder() throws Exception {
        assertMatches(
                SUCCESS
                        + "\\{\"requestId\":\"[0-9A-F-]{36}\",\"timestamp\":\\d{10},\"isChannelExist\":true,\"channelProfile\":1,"
                        + "\"commTotalNum\":2,\"interactiveUserNum\":0,\"liveUserNum\":0,\"userList\":\\[\"ann\",\"bob\"],"
                        + "\"interactiveUserList\":\\[],\"liveUserList\":\\[]}}",
                get("descChannelUsers?channelId=room"));
    }

    @Test
    void startTime_text_isTheFieldsInOrder() throws Exception {
        var utc = "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\"";
        server.now("token", "another");
        server.time().advance(Duration.ofSeconds(1));
        assertMatches(
                SUCCESS + "\\{\"channelStartTimeUtc\":" + utc
                        + ",\"channelStartTimeTs\":\\d{13},\"serverTimeTs\":\\d{13},"
                        + "\"elapsedMillis\":\\d+,\"channelEndTimeUtc\":" + utc
                        + ",\"channelEndTimeTs\":\\d{13},\"remainingMillis\":\\d+}}",
                get("descChannelStartTime?channelId=another"));
    }

    @Test
    void failure_text_isTheFieldsInOrderWithoutData() throws Exception {
        assertMatches(
                "\\{\"result\":\"false\",\"requestId\":\"[0-9a-f-]+\","
                        + "\"message\":\"channelId must be 1-64 of A-Z a-z 0-9 _ -\",\"code\":\"400\"}",
                get("token?channelId=a%22b"));
    }

    @Test
    void envelope_controlsAndQuotes_areEscaped() throws Exception {
        assertEquals(
                "{\"result\":\"false\",\"requestId\":\"1\",\"message\":\"\\\"\\\\\\n\\u0001/<\u4eba\",\"code\":\"500\"}",
                Envelope.failure("1", 500, "\"\\\n\u0001/<\u4eba"));
    }
}
