package alirtc.appserver.bench;

import alirtc.appserver.redis.TestRedis;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of a server under load, and the Redis in which it keeps its calls, if it is to. */
final class WithRedis implements AutoCloseable {
    /** The argument that asks for it. */
    static final String ARGUMENT = "redis";

    private final TestRedis redis;

    /** Starts a Redis that has no need to remember anything. */
    WithRedis() {
        this.redis = TestRedis.start();
    }

    /** Starts a Redis that keeps all that it answered in a folder. */
    WithRedis(Path folder) {
        this.redis = TestRedis.startDurable(folder);
    }

    /** Returns the settings, and those that name this Redis. */
    Map<String, String> settings(Map<String, String> others) {
        var settings = new LinkedHashMap<>(others);
        settings.put("registry", "redis");
        settings.put("registry.redis.uri", redis.uri().toString());
        return settings;
    }

    /** Ends it, and starts it again. */
    void crash() {
        redis.kill();
        redis.restart();
    }

    @Override
    public void close() {
        System.out.println("Redis ran " + redis.commands() + " commands");
        redis.close();
    }
}
