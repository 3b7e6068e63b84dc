package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Under which addresses a phone reaches the page. */
class ConnectTest {
    private static TestServer start() throws Exception {
        var server = TestServer.start(Map.of());
        server.publish(new LanAddresses(() -> List.of("192.168.1.20", "10.1.2.3")));
        return server;
    }

    private static TestServer.Answer ask(TestServer server, String page, String... headers) throws Exception {
        return server.call("GET", "app/connect?page=" + URLEncoder.encode(page, UTF_8), headers);
    }

    private static List<String> urls(JsonNode data) {
        return StreamSupport.stream(data.path("addresses").spliterator(), false)
                .map(one -> one.path("url").textValue())
                .toList();
    }

    private static String base(TestServer server) {
        return server.page().resolve(".").toString();
    }

    @Test
    void loopback_onThisMachine_isAnsweredWithItsAddresses() throws Exception {
        try (var server = start()) {
            var data = ask(server, base(server)).data();
            assertTrue(data.path("loopback").booleanValue());
            var port = server.page().getPort();
            assertEquals(
                    List.of("http://192.168.1.20:" + port + "/1v1-audio/", "http://10.1.2.3:" + port + "/1v1-audio/"),
                    urls(data));
            var rows = data.path("addresses").path(0).path("qr");
            assertEquals(rows.size(), rows.path(0).textValue().length(), "a square");
            assertTrue(rows.path(0).textValue().startsWith("11111110"), "with an eye in its corner");
        }
    }

    @Test
    void loopback_forwarded_isToldNothingOfTheMachine() throws Exception {
        try (var server = start()) {
            assertEquals(
                    List.of(),
                    urls(ask(server, base(server), "X-Forwarded-For", "203.0.113.9")
                            .data()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "ftp://127.0.0.1/",
                "http://elsewhere.example.com/",
                "http://127.0.0.1/?a=b",
                "http://127.0.0.1/#a",
                "http://user@127.0.0.1/",
                "http://127.0.0.1/<script>"
            })
    void page_notThisServers_isRefused(String page) throws Exception {
        try (var server = start()) {
            var answer = ask(server, page);
            assertEquals(400, answer.status(), answer.body()::toString);
        }
    }

    @Test
    void page_long_isRefused() throws Exception {
        try (var server = start()) {
            assertEquals(400, ask(server, base(server) + "a".repeat(200)).status());
        }
    }
}
