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

    /** Reads the settings, if the registry is to be in Redis. */
    static Optional<RedisConfig> from(SettingsReader reader) {
        if (!reader.read(SettingsCatalog.REGISTRY_IN_REDIS)) {
            return Optional.empty();
        }
        reader.require(SettingsCatalog.REDIS_URI);
        var uri = reader.read(SettingsCatalog.REDIS_URI);
        var password = reader.read(SettingsCatalog.REDIS_PASSWORD);
        var prefix = reader.read(SettingsCatalog.REDIS_PREFIX);
        if (uri.filter(address -> address.getRawUserInfo() != null).isPresent() && password.isEmpty()) {
            // Redis would take the server for its default user, who may be let in and see other keys.
            reader.reject(
                    SettingsCatalog.REDIS_URI,
                    "names a user, who needs a password; set " + SettingsCatalog.REDIS_PASSWORD.name());
        }
        return uri.map(address -> new RedisConfig(address, password, prefix));
    }
}
