package alirtc.appserver.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.config.Secret;
import alirtc.appserver.metrics.Metrics;
import java.net.URI;
import java.util.List;
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
        return new RedisClient(new RedisConfig(uri, Optional.of(new Secret(password)), "{a}:"), 1, new Metrics());
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
    void get_keyOfAnotherKind_isNoTextAndNoFailureOfRedis() {
        try (var server = as("ann", PASSWORD, "")) {
            REDIS.command("ZADD", "{a}:set", "1", "member");
            for (int i = 0; i < 20; i++) {
                assertEquals("", server.get("{a}:set"));
            }
            assertTrue(server.isReachable());
        }
    }

    @Test
    void run_keysOfAnotherKind_areDroppedAndTheScriptRuns() {
        var script = new LuaScript(
                "redis.call('SADD', KEYS[1], 'a') redis.call('SET', KEYS[2], 'b') redis.call('HSET', KEYS[3], 'c', 'd')"
                        + " return {}",
                "0".repeat(40),
                List.of("set", "string", "hash"));
        REDIS.command("SET", "{a}:1", "foreign");
        REDIS.command("SET", "{a}:2", "ours");
        REDIS.command("SADD", "{a}:3", "foreign");
        try (var server = as("ann", PASSWORD, "")) {
            server.run(script, List.of("{a}:1", "{a}:2", "{a}:3"), List.of());
            assertEquals("a", REDIS.command("SMEMBERS", "{a}:1"));
            assertEquals("b", REDIS.command("GET", "{a}:2"));
            assertEquals("d", REDIS.command("HGET", "{a}:3", "c"));
        }
    }

    @Test
    void run_commandThatTheUserMayNotSend_failsWithItsCodeAlone() {
        REDIS.command("ACL", "SETUSER", "bob", "on", ">" + PASSWORD, "~*", "+get");
        try (var server = as("bob", PASSWORD, "")) {
            var script = new LuaScript("return {}", "0".repeat(40), List.of());
            var failure = assertThrows(RedisException.class, () -> server.run(script, List.of(), List.of()));
            assertEquals("it refuses with NOPERM", failure.getMessage());
        }
    }

    @Test
    void get_nobodyThere_failsAtOnceAfterAFewTimes() {
        var gone = TestRedis.start();
        try (var server = new RedisClient(gone.settings(), 1, new Metrics())) {
            gone.close();
            for (int i = 0; i < 10; i++) {
                assertThrows(RedisException.class, () -> server.get("{a}:key"));
            }
            assertFalse(server.isReachable());
        }
    }
}
