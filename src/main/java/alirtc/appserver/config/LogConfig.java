package alirtc.appserver.config;

/**
 * What the log looks like.
 *
 * @param json whether a line is a JSON object
 * @param requests whether every request has a line
 */
public record LogConfig(boolean json, boolean requests) {

    /** Reads the settings. */
    static LogConfig from(SettingsReader reader) {
        return new LogConfig(reader.read(SettingsCatalog.LOG_AS_JSON), reader.read(SettingsCatalog.LOG_REQUESTS));
    }
}
