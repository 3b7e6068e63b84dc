package alirtc.appserver.config;

import java.util.Optional;

/**
 * Everything an operator may set, a part for each owner. Built once at start-up, and valid from then on. {@link
 * SettingsCatalog} says how to add a setting.
 *
 * @param token what tokens are made of
 * @param upstream what the server asks in the cloud
 * @param calls the limits of calls and channels
 * @param access who may call, and how often
 * @param log what the log looks like
 * @param redis where the registry of calls is, if it is not in memory
 * @param events where the cloud tells of events, if it does
 * @param records where records of calls are kept, if they are
 * @param webhooks who is told of calls, if anybody is; only beside records
 */
public record AppConfig(
        TokenConfig token,
        UpstreamConfig upstream,
        CallsConfig calls,
        AccessConfig access,
        LogConfig log,
        Optional<RedisConfig> redis,
        Optional<EventsConfig> events,
        Optional<RecordsConfig> records,
        Optional<WebhooksConfig> webhooks) {

    /** Returns whether a user can get more than one token: only who proves a name keeps it from one to the next. */
    public boolean usersReturn() {
        return access.jwt().isPresent();
    }

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException naming every setting that is missing, malformed or unknown, and where to set it,
     *     never a value
     */
    public static AppConfig from(Settings settings) {
        var reader = new SettingsReader(settings);
        var product = reader.read(SettingsCatalog.PRODUCT);
        var config = new AppConfig(
                TokenConfig.from(reader, product),
                UpstreamConfig.from(reader, product),
                CallsConfig.from(reader),
                AccessConfig.from(reader),
                LogConfig.from(reader),
                RedisConfig.from(reader),
                EventsConfig.from(reader),
                RecordsConfig.from(reader),
                WebhooksConfig.from(reader));
        reader.rejectProblems();
        return config;
    }
}
