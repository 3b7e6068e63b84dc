package alirtc.appserver.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything an operator may set. Built once at start-up, and valid from then on.
 *
 * @param product which product the application belongs to
 * @param appId names the application
 * @param appKey signs tokens; never leaves the server
 * @param credentials prove the server to the OpenAPI
 * @param gslb where the phones' RTC SDK finds the media servers; at least one address
 * @param maxUsers how many users may have tokens for a channel at a time, if there is a limit; 1 to 100
 * @param seatTtl how long a channel keeps a seat for a user who does not come; 5 seconds to 1 hour
 * @param timeLimit how long a call may last, if there is a limit; positive
 * @param tokenTtl how long a token admits its user; 1 minute to 7 days, in ApsaraVideo Live to 24 hours
 * @param tokenCheck whether anybody may ask whether a token goes with its fields
 * @param regionId the region that signed requests name
 * @param endpoint the OpenAPI; {@code https}, or {@code http} on this machine
 * @param usersCacheTtl how long an answer about a channel's users serves; 1 ms to 10 s
 * @param maxQps the most calls to the OpenAPI in a second; 1 to 10000
 * @param maxCalls how many calls are remembered at a time; 1 to 10 million
 * @param access who may call, and how often
 * @param log what the log looks like
 * @param redis where the registry of calls is, if it is not in memory
 * @param seatless whether tokens for a channel with a limit of users go on without seats while the registry fails
 */
public record AppConfig(
        Product product,
        String appId,
        Secret appKey,
        Credentials credentials,
        List<String> gslb,
        Optional<Integer> maxUsers,
        Duration seatTtl,
        Optional<Duration> timeLimit,
        Duration tokenTtl,
        boolean tokenCheck,
        String regionId,
        URI endpoint,
        Duration usersCacheTtl,
        int maxQps,
        int maxCalls,
        AccessConfig access,
        LogConfig log,
        Optional<RedisConfig> redis,
        boolean seatless) {

    /** Copies the addresses in. */
    public AppConfig {
        gslb = List.copyOf(gslb);
    }

    /** Returns whether a user can get more than one token: only who proves a name keeps it from one to the next. */
    public boolean usersReturn() {
        return access.jwt().isPresent();
    }

    /** Returns whether a stand-in on this machine takes the cloud's place: nothing else may be asked without TLS. */
    public boolean usesStandIn() {
        return "http".equals(endpoint.getScheme());
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
                product,
                reader.read(SettingsCatalog.APP_ID),
                reader.read(SettingsCatalog.APP_KEY),
                Credentials.from(reader),
                reader.read(SettingsCatalog.GSLB),
                reader.read(SettingsCatalog.MAX_USERS),
                reader.read(SettingsCatalog.SEAT_TTL),
                reader.read(SettingsCatalog.TIME_LIMIT),
                reader.read(SettingsCatalog.tokenTtl(product)),
                reader.read(SettingsCatalog.TOKEN_CHECK),
                reader.read(SettingsCatalog.REGION),
                reader.read(SettingsCatalog.ENDPOINT).orElse(product.endpoint()),
                reader.read(SettingsCatalog.USERS_CACHE_TTL),
                reader.read(SettingsCatalog.MAX_QPS),
                reader.read(SettingsCatalog.MAX_CALLS),
                AccessConfig.from(reader),
                LogConfig.from(reader),
                RedisConfig.from(reader),
                reader.read(SettingsCatalog.OPEN_ON_REGISTRY_FAILURE));
        reader.rejectProblems();
        return config;
    }
}
