package alirtc.appserver.redis;

import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.config.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * The connections to Redis: a bounded number, kept for as long as they lead to a server that answers. One that proves to
 * lead elsewhere, as after a failover, is given up with all others, and the host's name is looked up anew. Thread-safe.
 */
final class RedisConnections implements AutoCloseable {
    /** How long to wait for a connection, and how long for an answer. */
    static final Duration PATIENCE = Duration.ofMillis(300);

    private static final int PORT = 6379;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final HostAndPort address;
    private final ConnectionPool pool;

    /** What to do with a connection. */
    interface Exchange {
        @Nullable
        Object with(Connection connection);
    }

    /**
     * Prepares connections; none is opened yet.
     *
     * @param max the most at a time
     */
    RedisConnections(RedisConfig config, int max) {
        var uri = config.uri();
        this.address = new HostAndPort(uri.getHost(), uri.getPort() < 0 ? PORT : uri.getPort());
        this.pool = new ConnectionPool(address, client(config), pool(max));
    }

    private static JedisClientConfig client(RedisConfig config) {
        var uri = config.uri();
        var spelling = new HostSpelling(System::nanoTime);
        var client = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis((int) PATIENCE.toMillis())
                .socketTimeoutMillis((int) PATIENCE.toMillis())
                .database(JedisURIHelper.getDBIndex(uri))
                .hostAndPortMapper(known -> new HostAndPort(spelling.of(known.getHost()), known.getPort()))
                // What every Redis and every proxy before one understands.
                .resp2()
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        if (JedisURIHelper.isRedisSSLScheme(uri)) {
            client.sslOptions(SslOptions.defaults());
        }
        if (uri.getUserInfo() != null) {
            client.user(uri.getUserInfo());
        }
        config.password().map(Secret::value).ifPresent(client::password);
        return client.build();
    }

    private static ConnectionPoolConfig pool(int max) {
        var pool = new ConnectionPoolConfig();
        pool.setMaxTotal(max);
        pool.setMaxIdle(max);
        pool.setMaxWait(PATIENCE);
        pool.setJmxEnabled(false);
        // No thread of its own: tidy() is called instead.
        pool.setTimeBetweenEvictionRuns(Duration.ofMillis(-1));
        pool.setMinEvictableIdleDuration(IDLE);
        pool.setNumTestsPerEvictionRun(max);
        pool.setTestWhileIdle(false);
        return pool;
    }

    /** Returns the host and the port, as an operator knows them. */
    String address() {
        return address.toString();
    }

    /**
     * Sends something on a connection, and once more on a new one if the first proves to lead nowhere, or to a server that
     * does not take it any more. What is sent must do no harm if it is done twice.
     *
     * @throws JedisException if there is no good answer
     */
    @Nullable
    Object send(Exchange exchange) {
        try {
            return sendOnce(exchange);
        } catch (JedisException e) {
            var failure = RedisFailure.of(e);
            if (failure.isOfConnection()) {
                pool.clear();
            }
            if (!failure.isWorthAnotherConnection()) {
                throw e;
            }
            return sendOnce(exchange);
        }
    }

    private @Nullable Object sendOnce(Exchange exchange) {
        try (var connection = pool.getResource()) {
            try {
                return exchange.with(connection);
            } catch (JedisException e) {
                if (RedisFailure.of(e).isOfConnection()) {
                    connection.setBroken();
                }
                throw e;
            }
        }
    }

    /** Closes connections that nobody has used for half a minute. */
    void tidy() {
        try {
            pool.evict();
        } catch (Exception e) {
            throw new IllegalStateException("Idle connections cannot be closed", e);
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        pool.close();
    }
}
