package alirtc.appserver.config;

import java.net.URI;
import java.util.Optional;

/**
 * Where the registry of calls is that several servers share.
 *
 * @param uri one address: {@code redis://} or {@code rediss://}, with a user and a database if need be, never a password
 * @param password what proves the server to Redis, if it asks for that
 * @param prefix how the names of all keys begin; its part in braces keeps them together in a cluster
 */
public record RedisConfig(URI uri, Optional<Secret> password, String prefix) {
    private static final String IN_REDIS = "redis";

    /** Reads the settings, if the registry is to be in Redis. */
    static Optional<RedisConfig> from(SettingsReader reader) {
        if (!reader.choice(SettingNames.REGISTRY, "memory", IN_REDIS).equals(IN_REDIS)) {
            return Optional.empty();
        }
        return Optional.of(new RedisConfig(
                reader.redis(SettingNames.REDIS_URI),
                reader.secretOrNone(SettingNames.REDIS_PASSWORD),
                reader.prefix(SettingNames.REDIS_PREFIX, "{alirtc}:")));
    }
}
