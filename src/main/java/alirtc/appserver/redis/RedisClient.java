package alirtc.appserver.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.config.Secret;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * The way to Redis: a bounded number of connections, and short patience. Commands block, so that no thread may send them
 * that others wait for. Thread-safe.
 */
public final class RedisClient implements AutoCloseable {
    /** So many commands run at a time. */
    public static final int CONNECTIONS = 16;

    /** How long to wait for a connection, and how long for an answer. */
    static final Duration PATIENCE = Duration.ofMillis(300);

    private static final int PORT = 6379;
    private static final Pattern ERROR_CODE = Pattern.compile("[A-Z]{1,32}");
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ConnectionPool connections;
    private final RedisCircuitBreaker health;

    /** Prepares the way; nothing is sent yet, so that it does not matter whether the server is there. */
    public RedisClient(RedisConfig settings) {
        var uri = settings.uri();
        var address = new HostAndPort(uri.getHost(), uri.getPort() < 0 ? PORT : uri.getPort());
        this.health = new RedisCircuitBreaker(address.toString());
        this.connections = new ConnectionPool(address, client(settings), pool());
    }

    private static JedisClientConfig client(RedisConfig settings) {
        var uri = settings.uri();
        var client = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis((int) PATIENCE.toMillis())
                .socketTimeoutMillis((int) PATIENCE.toMillis())
                .database(JedisURIHelper.getDBIndex(uri))
                // What every Redis and every proxy before one understands.
                .resp2()
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        if (JedisURIHelper.isRedisSSLScheme(uri)) {
            client.sslOptions(SslOptions.defaults());
        }
        if (uri.getUserInfo() != null) {
            client.user(uri.getUserInfo());
        }
        settings.password().map(Secret::value).ifPresent(client::password);
        return client.build();
    }

    private static ConnectionPoolConfig pool() {
        var pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMaxWait(PATIENCE);
        pool.setJmxEnabled(false);
        // No thread of its own: tidy() is called instead.
        pool.setTimeBetweenEvictionRuns(Duration.ofMillis(-1));
        pool.setMinEvictableIdleDuration(IDLE);
        pool.setNumTestsPerEvictionRun(CONNECTIONS);
        pool.setTestWhileIdle(false);
        return pool;
    }

    /** Returns whether Redis answered lately; the answer costs nothing. */
    public boolean isReachable() {
        return health.isReachable();
    }

    /**
     * Returns the text under a key, empty if there is none.
     *
     * @throws RedisException if Redis does not answer
     */
    public String get(String key) {
        return text(send(connection -> connection.executeCommand(new CommandArguments(Command.GET).add(key))));
    }

    /**
     * Returns how many members a sorted set has.
     *
     * @throws RedisException if Redis does not answer
     */
    public long count(String key) {
        return number(send(connection -> connection.executeCommand(new CommandArguments(Command.ZCARD).add(key))));
    }

    /**
     * Returns how many members a set has.
     *
     * @throws RedisException if Redis does not answer
     */
    public long size(String key) {
        return number(send(connection -> connection.executeCommand(new CommandArguments(Command.SCARD).add(key))));
    }

    /**
     * Runs a script.
     *
     * @return its answer: texts and numbers as {@link #text} and {@link #number} read them
     * @throws RedisException if Redis does not answer, or has no room
     */
    public List<?> run(LuaScript script, List<String> keys, List<String> arguments) {
        var answer = send(connection -> {
            try {
                return connection.executeCommand(command(Command.EVALSHA, script.digest(), keys, arguments));
            } catch (JedisNoScriptException e) {
                // Redis was restarted, or never saw it.
                return connection.executeCommand(command(Command.EVAL, script.text(), keys, arguments));
            }
        });
        health.full(false);
        if (answer instanceof List<?> list) {
            return list;
        }
        throw new IllegalStateException("A script has to return a list");
    }

    private static CommandArguments command(Command command, String script, List<String> keys, List<String> arguments) {
        var all = new CommandArguments(command).add(script).add(keys.size());
        keys.forEach(all::add);
        arguments.forEach(all::add);
        return all;
    }

    /** Returns a part of an answer as text; empty if there is none. */
    public static String text(@Nullable Object part) {
        return part instanceof byte[] bytes ? new String(bytes, UTF_8) : "";
    }

    /** Returns a part of an answer as a number. */
    public static long number(@Nullable Object part) {
        return part instanceof Long number ? number : Long.parseLong(text(part));
    }

    /** Closes connections that nobody has used for half a minute. */
    void tidy() {
        try {
            connections.evict();
        } catch (Exception e) {
            throw new IllegalStateException("Idle connections cannot be closed", e);
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        connections.close();
    }

    /** What to do with a connection. */
    private interface Exchange {
        @Nullable
        Object with(Connection connection);
    }

    private @Nullable Object send(Exchange exchange) {
        if (!health.allows()) {
            throw new RedisException("Redis failed just now and is not asked");
        }
        long start = System.nanoTime();
        try {
            var answer = trySend(exchange);
            health.answered(System.nanoTime() - start);
            return answer;
        } catch (JedisDataException e) {
            throw refused(String.valueOf(e.getMessage()), System.nanoTime() - start);
        } catch (JedisException e) {
            var failure = new RedisException(isTimeout(e) ? "no answer in time" : "no connection");
            health.failed(System.nanoTime() - start, failure);
            throw failure;
        }
    }

    /** Sends once more if a connection proves to have been closed long ago, and all others that lie idle with it. */
    private @Nullable Object trySend(Exchange exchange) {
        try {
            return sendOnce(exchange);
        } catch (JedisConnectionException e) {
            if (isTimeout(e)) {
                throw e;
            }
            connections.clear();
            return sendOnce(exchange);
        }
    }

    private @Nullable Object sendOnce(Exchange exchange) {
        try (var connection = connections.getResource()) {
            return exchange.with(connection);
        }
    }

    private static boolean isTimeout(JedisException e) {
        return e.getCause() instanceof SocketTimeoutException;
    }

    private RedisException refused(String message, long nanos) {
        if (message.contains("OOM ")) {
            // It answers, and what it holds can be read.
            health.answered(nanos);
            health.full(true);
            return new RedisException("Redis is full");
        }
        // Its first word alone: some servers repeat a command with its password.
        var code = ERROR_CODE.matcher(message);
        var failure = new RedisException("it refuses with " + (code.lookingAt() ? code.group() : "an error"));
        health.failed(nanos, failure);
        return failure;
    }
}
