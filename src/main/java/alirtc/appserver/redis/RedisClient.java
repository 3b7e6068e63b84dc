package alirtc.appserver.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.metrics.RedisMetrics;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * The way to Redis: a bounded number of connections, and short patience. Commands block, so that no thread may send them
 * that others wait for. Thread-safe.
 */
public final class RedisClient implements AutoCloseable {
    /** How long a command waits for its answer; what Redis does later, nobody hears of. */
    public static final Duration PATIENCE = RedisConnections.PATIENCE;

    private static final Logger LOG = LoggerFactory.getLogger(RedisClient.class);
    private static final LuaScript FOREIGN = LuaScript.beside(RedisClient.class, "foreign.lua");

    private final RedisConnections connections;
    private final RedisCircuitBreaker health;
    private final RedisMetrics metrics;

    /**
     * Prepares the way; nothing is sent yet, so that it does not matter whether the server is there.
     *
     * @param max the most commands at a time; at least 1
     * @param metrics count every command
     */
    public RedisClient(RedisConfig config, int max, Metrics metrics) {
        this.connections = new RedisConnections(config, max);
        this.health = new RedisCircuitBreaker(connections.address());
        this.metrics = metrics.redis();
        this.metrics.expectCommands();
    }

    /** Returns whether Redis answered lately; the answer costs nothing. */
    public boolean isReachable() {
        return health.isReachable();
    }

    /**
     * Returns the text under a key, empty if there is none, or something else than a text.
     *
     * @throws RedisException if Redis does not answer
     */
    public String get(String key) {
        return text(send(connection -> {
            try {
                return connection.executeCommand(new CommandArguments(Command.GET).add(key));
            } catch (JedisDataException e) {
                if (isForeign(e)) {
                    return null;
                }
                throw e;
            }
        }));
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
     * Runs a script. What its keys hold that is not ours is dropped and told.
     *
     * @return its answer: texts and numbers as {@link #text} and {@link #number} read them
     * @throws RedisException if Redis does not answer, or has no room
     */
    public List<?> run(LuaScript script, List<String> keys, List<String> arguments) {
        var answer = send(connection -> {
            try {
                return evaluate(connection, script, keys, arguments);
            } catch (JedisDataException e) {
                if (!isForeign(e)) {
                    throw e;
                }
                dropForeign(connection, keys, script.types());
                return evaluate(connection, script, keys, arguments);
            }
        });
        health.full(false);
        return list(answer);
    }

    private static @Nullable Object evaluate(
            Connection connection, LuaScript script, List<String> keys, List<String> arguments) {
        try {
            return connection.executeCommand(command(Command.EVALSHA, script.digest(), keys, arguments));
        } catch (JedisNoScriptException e) {
            // Redis was restarted, or never saw it.
            return connection.executeCommand(command(Command.EVAL, script.text(), keys, arguments));
        }
    }

    private static boolean isForeign(JedisDataException refusal) {
        return RedisFailure.of(refusal).kind() == RedisFailure.Kind.FOREIGN;
    }

    private static void dropForeign(Connection connection, List<String> keys, List<String> types) {
        for (var key : list(evaluate(connection, FOREIGN, keys, types))) {
            LOG.warn("What Redis holds under {} is not of this server, and is dropped", text(key));
        }
    }

    private static List<?> list(@Nullable Object answer) {
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
        connections.tidy();
    }

    /** Closes all connections. */
    @Override
    public void close() {
        connections.close();
    }

    private @Nullable Object send(RedisConnections.Exchange exchange) {
        if (!health.allows()) {
            throw new RedisException("Redis failed just now and is not asked", false);
        }
        long start = System.nanoTime();
        boolean answered = false;
        try {
            var answer = connections.send(exchange);
            answered = true;
            health.answered(System.nanoTime() - start);
            return answer;
        } catch (JedisException e) {
            throw failed(RedisFailure.of(e), System.nanoTime() - start);
        } catch (RuntimeException | Error e) {
            // Whoever was allowed to ask has to tell what came of it, also of a defect, or nobody would be allowed
            // again.
            health.failed(System.nanoTime() - start, new RedisException("a defect of ours", true));
            throw e;
        } finally {
            metrics.command(answered, System.nanoTime() - start);
        }
    }

    private RedisException failed(RedisFailure failure, long nanos) {
        var exception = failure.toException();
        switch (failure.kind()) {
            case FULL -> {
                // It answers, and what it holds can be read.
                health.answered(nanos);
                health.full(true);
            }
            // What one key holds says nothing of the others.
            case FOREIGN -> health.answered(nanos);
            case DISCONNECTED, FAILED_OVER, TIMED_OUT, REFUSED -> health.failed(nanos, exception);
        }
        return exception;
    }
}
