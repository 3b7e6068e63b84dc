package alirtc.appserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConfigTest {
    private static final Map<String, String> IN_REDIS =
            Map.of("registry", "redis", "registry.redis.uri", "redis://127.0.0.1:6379");

    private static AppConfig with(String name, String value) {
        var settings = new HashMap<>(IN_REDIS);
        settings.put("registry.redis.password", "pw-nobody-must-see");
        settings.put(name, value);
        return TestConfig.of(settings);
    }

    @Test
    void from_nothingSet_isInMemoryAndClosed() {
        assertEquals(Optional.empty(), TestConfig.of(Map.of()).redis());
        assertFalse(TestConfig.of(Map.of()).calls().seatless());
    }

    @Test
    void from_allSet_isTaken() {
        var config = with("registry.redis.password", "pw-nobody-must-see");
        var expected = new RedisConfig(
                URI.create("redis://127.0.0.1:6379"), Optional.of(new Secret("pw-nobody-must-see")), "{alirtc}:");
        assertEquals(Optional.of(expected), config.redis());
        assertFalse(config.toString().contains("nobody"));
        assertTrue(with("seats.onRegistryFailure", "open").calls().seatless());
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://host", "rediss://host:6380", "redis://user@host:6379/3", "redis://[::1]:6379/"})
    void from_addressOfAServer_isTaken(String address) {
        assertEquals(
                URI.create(address),
                with("registry.redis.uri", address).redis().orElseThrow().uri());
    }

    @Test
    void from_redisWithoutAddress_isRejected() {
        var rejection = assertThrows(IllegalArgumentException.class, () -> TestConfig.of(Map.of("registry", "redis")));
        assertTrue(String.valueOf(rejection.getMessage()).contains("registry.redis.uri is missing"));
    }

    @Test
    void from_userWithoutPassword_isRejectedSinceRedisWouldTakeItForAnother() {
        var settings = new HashMap<>(IN_REDIS);
        settings.put("registry.redis.uri", "rediss://ann@host");
        var rejection = assertThrows(IllegalArgumentException.class, () -> TestConfig.of(settings));
        var message = String.valueOf(rejection.getMessage());
        assertTrue(message.contains("names a user, who needs a password; set registry.redis.password"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "registry|Redis|must be memory or redis",
                "seats.onRegistryFailure|half|must be closed or open",
                "registry.redis.uri|http://server:6379|must be one address such as",
                "registry.redis.uri|server:6379|must be one address such as",
                "registry.redis.uri|redis://a:1,b:2|must be one address such as",
                "registry.redis.uri|redis://:secret@host|must hold no password",
                "registry.redis.uri|redis://user:sec ret@host|must be one address such as",
                "registry.redis.uri|redis://host/sixteen|must be one address such as",
                "registry.redis.uri|redis://host?db=1|must be one address such as",
                "registry.redis.password|pass word|must be 1-256 printable ASCII",
                "registry.redis.prefix|alirtc:|must be 1-64 of",
                "registry.redis.prefix|{}:|must be 1-64 of",
                "registry.redis.prefix|{a} b|must be 1-64 of",
            })
    void from_malformed_isNamedWithWhatIsAllowedAndNeverItsValue(String name, String value, String expected) {
        var rejection = assertThrows(IllegalArgumentException.class, () -> with(name, value));
        var message = String.valueOf(rejection.getMessage());
        assertTrue(message.contains(name + ", set as system property -D" + name + ", " + expected), message);
        assertFalse(value.length() > 7 && message.contains(value), message);
    }
}
