package alirtc.appserver.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.config.RedisConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;

/** A real Redis in a process of its own, on a free port of 127.0.0.1, that remembers nothing when it ends. */
public final class TestRedis implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final int port;
    private redis.embedded.RedisServer process;

    private TestRedis(int port) {
        this.port = port;
        this.process = launch(port);
    }

    /** Starts one. */
    public static TestRedis start() {
        return new TestRedis(freePort());
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static redis.embedded.RedisServer launch(int port) {
        try {
            var process = redis.embedded.RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .setting("maxmemory-policy noeviction")
                    .build();
            process.start();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process, with all that it holds. */
    public void kill() {
        try {
            process.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again where it was, empty. */
    public void restart() {
        process = launch(port);
    }

    /** Returns the address. */
    public URI uri() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    /** Returns a server's settings, with a prefix that nobody else has. */
    public RedisConfig settings() {
        return settings("{test" + COUNT.incrementAndGet() + "}:");
    }

    /** Returns a server's settings with a prefix. */
    public RedisConfig settings(String prefix) {
        return new RedisConfig(uri(), Optional.empty(), prefix);
    }

    /** Sends a command on a connection of its own, and returns a text or number as text and a list as its parts' texts. */
    public String command(String... words) {
        try (var connection = new Connection("127.0.0.1", port)) {
            var arguments = new CommandArguments(() -> words[0].getBytes(UTF_8));
            for (var word : List.of(words).subList(1, words.length)) {
                arguments.add(word);
            }
            return text(connection.executeCommand(arguments));
        }
    }

    /** Returns how many commands it has run since it started. */
    public long commands() {
        return command("INFO", "stats")
                .lines()
                .filter(line -> line.startsWith("total_commands_processed:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .sum();
    }

    private static String text(@Nullable Object answer) {
        if (answer instanceof byte[] bytes) {
            return new String(bytes, UTF_8);
        }
        return answer instanceof List<?> parts
                ? String.join(" ", parts.stream().map(TestRedis::text).toList())
                : String.valueOf(answer);
    }

    @Override
    public void close() {
        kill();
    }
}
