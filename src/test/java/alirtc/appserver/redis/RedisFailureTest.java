package alirtc.appserver.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.redis.RedisFailure.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.embedded.RedisSentinel;

/** What an operator is told of a Redis that cannot be asked. */
@Timeout(30)
class RedisFailureTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final String STORE_PASSWORD = "changeit";
    private static final String TRUSTED = "javax.net.ssl.trustStore";
    private static final String TRUSTED_PASSWORD = "javax.net.ssl.trustStorePassword";

    @TempDir
    private static Path folder;

    /** For 127.0.0.1 alone, and signed by itself. */
    private static Path valid;

    @BeforeAll
    static void makeCertificate() throws Exception {
        valid = certificate();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @AfterEach
    void trustAsBefore() {
        System.clearProperty(TRUSTED);
        System.clearProperty(TRUSTED_PASSWORD);
    }

    private static void trust(Path store) {
        System.setProperty(TRUSTED, store.toString());
        System.setProperty(TRUSTED_PASSWORD, STORE_PASSWORD);
    }

    private static String reason(String address) {
        try (var client =
                new RedisClient(new RedisConfig(URI.create(address), Optional.empty(), "{a}:"), 1, new Metrics())) {
            return String.valueOf(assertThrows(RedisException.class, () -> client.get("{a}:key"))
                    .getMessage());
        }
    }

    private static Path certificate() throws Exception {
        var store = folder.resolve("store.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var command = new ArrayList<>(List.of(keytool, "-genkeypair"));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
        command.addAll(List.of("-alias", "redis", "-keyalg", "EC", "-dname", "CN=redis", "-ext", "san=ip:127.0.0.1"));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), output);
        return store;
    }

    private static ServerSocketFactory encrypted(Path store) throws Exception {
        var keys = KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, STORE_PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }

    @Test
    void tls_certificateThatIsTrustedForThisHost_isLetIn() throws Exception {
        trust(valid);
        REDIS.command("SET", "{a}:known", "value");
        try (var relay = RedisRelay.to(REDIS, encrypted(valid))) {
            var uri = URI.create("rediss://127.0.0.1:" + relay.port());
            try (var client = new RedisClient(new RedisConfig(uri, Optional.empty(), "{a}:"), 1, new Metrics())) {
                assertEquals("value", client.get("{a}:known"));
            }
        }
    }

    @Test
    void tls_certificateOfNobodyKnown_isToldSo() throws Exception {
        try (var relay = RedisRelay.to(REDIS, encrypted(valid))) {
            assertEquals("its certificate is not one that Java trusts", reason("rediss://127.0.0.1:" + relay.port()));
        }
    }

    @Test
    void tls_certificateOfAnotherHost_isToldSo() throws Exception {
        trust(valid);
        try (var relay = RedisRelay.to(REDIS, encrypted(valid))) {
            assertEquals("its certificate is for another host name", reason("rediss://localhost:" + relay.port()));
        }
    }

    private static Stream<Arguments> failedHandshakes() {
        return Stream.of(
                Arguments.of(new CertificateExpiredException(), "its certificate has expired"),
                Arguments.of(
                        new InvalidAlgorithmParameterException(),
                        "Java has no certificates to trust, see javax.net.ssl.trustStore"),
                Arguments.of(
                        new SSLHandshakeException("Received fatal alert: protocol_version"),
                        "the TLS handshake fails with protocol_version"));
    }

    @ParameterizedTest
    @MethodSource("failedHandshakes")
    void of_handshakeThatFailed_isWhatItsCauseSays(Exception cause, String reason) {
        var handshake = cause instanceof SSLHandshakeException ? cause : new SSLHandshakeException("").initCause(cause);
        var failure = new JedisConnectionException("Failed to create socket.", handshake);
        assertEquals(new RedisFailure(Kind.DISCONNECTED, reason), RedisFailure.of(failure));
    }

    @Test
    void tls_serverWithout_isToldSo() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            answerAll(server, "-ERR Protocol error\r\n");
            assertEquals(
                    "the TLS handshake fails; without TLS its address begins with redis://",
                    reason("rediss://127.0.0.1:" + server.getLocalPort()));
        }
    }

    @Test
    void plain_serverWithTls_isToldSo() throws Exception {
        try (var relay = RedisRelay.to(REDIS, encrypted(valid))) {
            assertEquals(
                    "it does not answer as Redis does; with TLS its address begins with rediss://",
                    reason("redis://127.0.0.1:" + relay.port()));
        }
    }

    @Test
    void plain_nobodyThere_isToldSo() throws Exception {
        int port;
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        assertEquals("nothing listens there", reason("redis://127.0.0.1:" + port));
    }

    @Test
    void plain_nameOfNoHost_isToldSo() {
        assertEquals("its host name is not known", reason("redis://redis.invalid"));
    }

    @Test
    void plain_sentinel_isToldSo() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var sentinel = RedisSentinel.newRedisSentinel()
                .port(port)
                .bind("127.0.0.1")
                .masterName("primary")
                .masterPort(REDIS.uri().getPort())
                .build();
        sentinel.start();
        try {
            assertEquals(
                    "it does not know a command that Redis has; a Sentinel does not",
                    reason("redis://127.0.0.1:" + port));
        } finally {
            sentinel.stop();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "READONLY You can't write against a read only replica.|FAILED_OVER|it refuses with READONLY",
                "READONLY You can't write against a read only replica. script: f, on @user_script:1.|FAILED_OVER|it refuses with READONLY",
                "ERR Error running script (call to f_0): @user_script:1: @user_script: 1: -READONLY You can't write against a read only replica. |FAILED_OVER|it refuses with READONLY",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.|FAILED_OVER|it refuses with MASTERDOWN",
                "LOADING Redis is loading the dataset in memory|FAILED_OVER|it refuses with LOADING",
                "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)|FAILED_OVER|it refuses with UNBLOCKED",
                "NOREPLICAS Not enough good replicas to write.|FAILED_OVER|it refuses with NOREPLICAS",
                "OOM command not allowed when used memory > 'maxmemory'.|FULL|it is full",
                "ERR Error running script (call to f_0): @user_script:1: @user_script: 1: -OOM command not allowed|FULL|it is full",
                "WRONGTYPE Operation against a key holding the wrong kind of value|FOREIGN|it refuses with WRONGTYPE",
                "WRONGPASS invalid username-password pair or user is disabled.|REFUSED|it refuses with WRONGPASS",
                "ERR unknown command `AUTH`, with args beginning with: `READONLY pw`, |REFUSED|it does not know a command that Redis has; a Sentinel does not",
                "something else|REFUSED|it refuses with an error",
            })
    void of_refusal_isWhatItsCodeSaysAndNothingElse(String message, Kind kind, String reason) {
        var failure = RedisFailure.of(new JedisDataException(message));
        assertEquals(new RedisFailure(kind, reason), failure);
    }

    private static void answerAll(ServerSocket server, String answer) {
        var thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (var client = server.accept()) {
                    client.getOutputStream().write(answer.getBytes(UTF_8));
                    client.getOutputStream().flush();
                    // Until the client has gone: closing at once could take the answer back.
                    client.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // The test is over, or the client has gone.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
