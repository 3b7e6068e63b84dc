package alirtc.appserver.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JoinTicketTest {
    @ParameterizedTest
    @MethodSource("alirtc.appserver.token.TokenIssuerTest#vectors")
    void joinToken_vector_isItsFieldsInTheVendorsOrder(JsonNode vector) {
        var ticket = new JoinTicket(
                vector.get("appId").textValue(),
                new ChannelId(vector.get("channelId").textValue()),
                new UserId(vector.get("userId").textValue()),
                vector.get("nonce").textValue(),
                Instant.ofEpochSecond(vector.get("timestamp").longValue()),
                vector.get("token").textValue(),
                List.of("https://gslb.example"));
        var expected = "{\"appid\":%s,\"channelid\":%s,\"userid\":%s,\"nonce\":%s,\"timestamp\":%s,\"token\":%s}"
                .formatted(
                        vector.get("appId"),
                        vector.get("channelId"),
                        vector.get("userId"),
                        vector.get("nonce"),
                        vector.get("timestamp"),
                        vector.get("token"));
        assertEquals(expected, new String(Base64.getDecoder().decode(ticket.joinToken()), UTF_8));
    }
}
