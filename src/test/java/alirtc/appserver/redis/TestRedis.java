package alirtc.appserver.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.config.RedisConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;

/** A real Redis in a process of its own, on a free port of 127.0.0.1, that remembers nothing when it ends unless asked to. */
public final class TestRedis implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final int port;
    private final List<String> memory;
    private redis.embedded.RedisServer process;

    private TestRedis(int port, List<String> memory) {
        this.port = port;
        this.memory = memory;
        this.process = launch();
    }

    /** Starts one. */
    public static TestRedis start() {
        return new TestRedis(freePort(), List.of());
    }

    /** Starts one that has written down in a folder what it answered, and knows it when it comes again. */
    public static TestRedis startDurable(Path folder) {
        return new TestRedis(freePort(), List.of("appendonly yes", "appendfsync always", "dir " + folder));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private redis.embedded.RedisServer launch() {
        try {
            var builder = redis.embedded.RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .setting("maxmemory-policy noeviction");
            memory.forEach(builder::setting);
            var process = builder.build();
            process.start();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process, with all that it holds in memory. */
    public void kill() {
        try {
            process.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again where it was, empty unless it is durable. */
    public void restart() {
        process = launch();
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
