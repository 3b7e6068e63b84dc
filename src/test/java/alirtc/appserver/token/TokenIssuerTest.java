package alirtc.appserver.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.AppConfig;
import alirtc.appserver.config.TestConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenIssuerTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.750Z");
    private static final ChannelId CHANNEL = new ChannelId("room1");

    private static TokenIssuer issuer(AppConfig config) {
        return new TokenIssuer(
                config.token(), config.calls().timeLimit(), InstantSource.fixed(NOW), new SecureRandom());
    }

    static Stream<JsonNode> vectors() {
        try (var in = TokenIssuerTest.class.getResourceAsStream("/token-vectors.json")) {
            return StreamSupport.stream(
                    JsonMapper.builder().build().readTree(in).spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void token_vector_isTheVectors(JsonNode vector) {
        var config = TestConfig.of(Map.of(
                "rtc.1v1audio.appId", vector.get("appId").textValue(),
                "rtc.1v1audio.appKey", vector.get("appKey").textValue()));
        var token = issuer(config)
                .token(
                        new ChannelId(vector.get("channelId").textValue()),
                        new UserId(vector.get("userId").textValue()),
                        vector.get("nonce").textValue(),
                        Instant.ofEpochSecond(vector.get("timestamp").longValue()));
        assertEquals(vector.get("token").textValue(), token);
    }

    @Test
    void issue_ticket_hasTheFormsThatPhonesRead() {
        var ticket = issuer(TestConfig.of(Map.of())).issue(CHANNEL);
        assertTrue(ticket.user().value().matches("[0-9]{8}"));
        assertTrue(ticket.nonce().matches("AK-[0-9a-f]{32}"));
        assertTrue(ticket.token().matches("[0-9a-f]{64}"));
        assertEquals(Instant.parse("2026-11-22T22:00:00Z"), ticket.expiresAt());
    }

    @Test
    void issue_manyTickets_neverRepeatsANonce() {
        var issuer = issuer(TestConfig.of(Map.of()));
        var nonces = new HashSet<String>();
        for (int i = 0; i < 200_000; i++) {
            assertTrue(nonces.add(issuer.issue(CHANNEL).nonce()));
        }
    }

    /** Of 200,000 fair draws from 100,000,000 about 200 meet an earlier one; 300 or more in one run of 10^10. */
    @Test
    void issue_manyTickets_repeatsUsersNoMoreThanAFairDrawDoes() {
        var issuer = issuer(TestConfig.of(Map.of()));
        var users = new HashSet<UserId>();
        for (int i = 0; i < 200_000; i++) {
            users.add(issuer.issue(CHANNEL).user());
        }
        assertTrue(users.size() > 199_700, () -> "only " + users.size() + " users");
    }

    @Test
    void issue_timeLimitShorterThanTtl_tokenLivesForTheLimitAndAMinute() {
        var issuer = issuer(TestConfig.of(Map.of("durationlimit", "10")));
        assertEquals(Duration.ofMinutes(11), issuer.ttl());
        assertEquals(
                Instant.parse("2026-11-22T10:11:00Z"), issuer.issue(CHANNEL).expiresAt());
    }

    @Test
    void issue_timeLimitLongerThanTtl_tokenLivesForTheTtl() {
        var issuer = issuer(TestConfig.of(Map.of("durationlimit", "600", "rtc.tokenTtl", "30m")));
        assertEquals(Duration.ofMinutes(30), issuer.ttl());
    }

    @Test
    void issue_callLimitShorterThanTtl_tokenLivesForItAndAMinute() {
        var issuer = issuer(TestConfig.of(Map.of("durationlimit", "10")));
        var user = new UserId("ann");
        assertEquals(
                Instant.parse("2026-11-22T10:04:00Z"),
                issuer.issue(CHANNEL, user, Optional.of(Duration.ofMinutes(3))).expiresAt());
        assertEquals(
                Instant.parse("2026-11-22T10:11:00Z"),
                issuer.issue(CHANNEL, user, Optional.of(Duration.ofMinutes(30))).expiresAt());
    }

    @Test
    void toString_ofTicketAndSecret_holdsNeitherTokenNorKey() {
        var config = TestConfig.of(Map.of());
        var ticket = issuer(config).issue(CHANNEL);
        assertFalse(ticket.toString().contains(ticket.token()));
        assertFalse(config.toString().contains(TestConfig.APP_KEY));
        assertFalse(config.toString().contains(TestConfig.ACCESS_KEY_SECRET));
    }
}
