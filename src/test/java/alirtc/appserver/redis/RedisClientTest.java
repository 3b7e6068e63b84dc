package alirtc.appserver.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.config.Secret;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisClientTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final String PASSWORD = "pw-nobody-must-see";

    @BeforeAll
    static void addUser() {
        REDIS.command("ACL", "SETUSER", "ann", "on", ">" + PASSWORD, "~*", "+@all");
        REDIS.command("SET", "{a}:key", "value");
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private static RedisClient as(String user, String password, String path) {
        var uri = URI.create("redis://" + user + "@127.0.0.1:" + REDIS.uri().getPort() + path);
        return new RedisClient(new RedisConfig(uri, Optional.of(new Secret(password)), "{a}:"));
    }

    @Test
    void get_userWithPassword_isLetIn() {
        try (var server = as("ann", PASSWORD, "")) {
            assertEquals("value", server.get("{a}:key"));
            assertEquals("", server.get("{a}:none"));
        }
    }

    @Test
    void get_anotherDatabase_isAskedThere() {
        try (var server = as("ann", PASSWORD, "/3")) {
            assertEquals("", server.get("{a}:key"));
        }
    }

    @Test
    void get_wrongPassword_isToldWithoutIt() {
        try (var server = as("ann", "wrong-" + PASSWORD, "")) {
            var failure = assertThrows(RedisException.class, () -> server.get("{a}:key"));
            assertEquals("it refuses with WRONGPASS", failure.getMessage());
        }
    }

    @Test
    void get_keyOfAnotherKind_failsWithItsCodeAlone() {
        try (var server = as("ann", PASSWORD, "")) {
            REDIS.command("ZADD", "{a}:set", "1", "member");
            var failure = assertThrows(RedisException.class, () -> server.get("{a}:set"));
            assertEquals("it refuses with WRONGTYPE", failure.getMessage());
        }
    }

    @Test
    void get_nobodyThere_failsAtOnceAfterAFewTimes() {
        var gone = TestRedis.start();
        try (var server = new RedisClient(gone.settings())) {
            gone.close();
            for (int i = 0; i < 10; i++) {
                assertThrows(RedisException.class, () -> server.get("{a}:key"));
            }
            assertFalse(server.isReachable());
        }
    }
}
