package alirtc.appserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordsConfigTest {
    /** 24 bytes, and 64. */
    private static final String SHORTEST = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

    private static final String LONGEST = "whsec_" + "MDEy".repeat(21) + "MA==";

    private static final Map<String, String> TOLD = Map.of(
            "records",
            "file",
            "records.dir",
            "/var/lib/records",
            "webhooks.url",
            "https://billing.example/calls",
            "webhooks.secret",
            SHORTEST);

    private static AppConfig with(String... more) {
        var settings = new HashMap<>(TOLD);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return TestConfig.of(settings);
    }

    private static String rejection(Map<String, String> settings) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> TestConfig.of(settings))
                .getMessage());
    }

    @Test
    void from_nothingSet_keepsNothingAndTellsNobody() {
        var config = TestConfig.of(Map.of());
        assertEquals(Optional.empty(), config.records());
        assertEquals(Optional.empty(), config.webhooks());
    }

    @Test
    void from_allSet_isTaken() {
        var config = with(
                "records.keep", "400d",
                "webhooks.secret", SHORTEST + ", " + LONGEST,
                "webhooks.events", "call.ended, call.ending",
                "webhooks.warnBefore", "2m");
        assertEquals(
                Optional.of(new RecordsConfig(Optional.of(Path.of("/var/lib/records")), Duration.ofDays(400))),
                config.records());
        var expected = new WebhooksConfig(
                URI.create("https://billing.example/calls"),
                List.of(new Secret(SHORTEST), new Secret(LONGEST)),
                Set.of("call.ended", "call.ending"),
                Duration.ofMinutes(2));
        assertEquals(Optional.of(expected), config.webhooks());
        assertFalse(config.toString().contains("MDEy"));
    }

    @Test
    void from_leastSet_tellsOfEverythingAndWarnsAMinuteBefore() {
        var webhooks = with().webhooks().orElseThrow();
        assertEquals(Set.copyOf(WebhooksConfig.TYPES), webhooks.types());
        assertEquals(Duration.ofMinutes(1), webhooks.warnBefore());
        assertEquals(Duration.ofDays(90), with().records().orElseThrow().keep());
    }

    @Test
    void from_redis_isBesideTheRegistry() {
        var config = TestConfig.of(
                Map.of("records", "redis", "registry", "redis", "registry.redis.uri", "redis://127.0.0.1:6379"));
        assertEquals(Optional.of(new RecordsConfig(Optional.empty(), Duration.ofDays(90))), config.records());
    }

    @Test
    void from_redisWithoutRegistryThere_isRejected() {
        assertTrue(rejection(Map.of("records", "redis")).contains("needs registry = redis, if it is redis"));
    }

    @Test
    void from_fileBesideRegistryInRedis_isRejected() {
        var message = rejection(Map.of(
                "records", "file",
                "records.dir", "/tmp/records",
                "registry", "redis",
                "registry.redis.uri", "redis://127.0.0.1:6379"));
        assertTrue(message.contains("must not be file with registry = redis; set it to redis, too"), message);
    }

    @Test
    void from_fileWithoutFolder_isRejected() {
        assertTrue(rejection(Map.of("records", "file")).contains("records.dir is missing"));
    }

    @Test
    void from_webhooksWithoutRecords_isRejected() {
        var message = rejection(Map.of("webhooks.url", "https://host/", "webhooks.secret", SHORTEST));
        assertTrue(message.contains("needs records = file or redis"), message);
    }

    @Test
    void from_webhooksWithoutSecret_isRejected() {
        var message = rejection(Map.of("records", "file", "records.dir", "/tmp/r", "webhooks.url", "https://host/"));
        assertTrue(message.contains("webhooks.secret is missing"), message);
    }

    @Test
    void from_secretWithoutAddress_isRejectedSinceItsOwnerMeansToTellSomebody() {
        var message = rejection(Map.of("webhooks.secret", SHORTEST));
        assertTrue(message.contains("means nothing without webhooks.url"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "records|yes|must be off, file or redis",
                "records.dir|records|must be an absolute path",
                "records.keep|12h|must be from 24h to 3650d",
                "webhooks.url|http://billing.example/|must be https",
                "webhooks.url|billing.example|must be a web address",
                "webhooks.secret|MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz|must be whsec_ and 24-64 bytes",
                "webhooks.secret|whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=|must be whsec_ and 24-64 bytes",
                "webhooks.secret|whsec_%%%%MzQ1Njc4OTAxMjM0NTY3ODkwMTIz|must be whsec_ and 24-64 bytes",
                "webhooks.secret|whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz,|must be whsec_ and 24-64 bytes",
                "webhooks.events|call.begun|must be some of call.started, call.user_joined",
                "webhooks.warnBefore|1s|must be from 5s to 1h",
            })
    void from_malformed_isNamedWithWhatIsAllowedAndNeverItsValue(String name, String value, String expected) {
        var message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> with(name, value))
                .getMessage());
        assertTrue(message.contains(name + ", set as system property -D" + name + ", " + expected), message);
        assertEquals(message.indexOf(expected), message.lastIndexOf(expected), message);
        assertFalse(value.length() > 8 && message.contains(value), message);
    }

    @Test
    void from_thirdSecret_isRejected() {
        var message = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> with("webhooks.secret", String.join(" ", SHORTEST, SHORTEST, SHORTEST)))
                .getMessage());
        assertTrue(message.contains("or two such"), message);
    }
}
