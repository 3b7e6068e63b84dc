package alirtc.appserver.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Where records of calls are kept.
 *
 * @param folder the folder for them; in Redis, beside the registry, if empty
 * @param keep how long they are kept; 1 day to 3650
 */
public record RecordsConfig(Optional<Path> folder, Duration keep) {

    /** Where records can be. */
    enum Place {
        OFF,
        FILE,
        REDIS;

        static Place of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** Reads the settings, if there are to be records. */
    static Optional<RecordsConfig> from(SettingsReader reader) {
        var place = reader.read(SettingsCatalog.RECORDS);
        var folder = reader.read(SettingsCatalog.RECORDS_DIR);
        var keep = reader.read(SettingsCatalog.RECORDS_KEEP);
        boolean shared = reader.find(SettingsCatalog.REGISTRY_IN_REDIS).orElse(false);
        return switch (place) {
            case OFF -> Optional.empty();
            case FILE -> {
                reader.require(SettingsCatalog.RECORDS_DIR);
                if (shared) {
                    reader.reject(
                            SettingsCatalog.RECORDS,
                            "must not be file with " + SettingsCatalog.REGISTRY_IN_REDIS.name()
                                    + " = redis; set it to redis, too");
                }
                yield Optional.of(new RecordsConfig(folder, keep));
            }
            case REDIS -> {
                if (!shared) {
                    reader.reject(
                            SettingsCatalog.RECORDS,
                            "needs " + SettingsCatalog.REGISTRY_IN_REDIS.name() + " = redis, if it is redis");
                }
                yield Optional.of(new RecordsConfig(Optional.empty(), keep));
            }
        };
    }
}
