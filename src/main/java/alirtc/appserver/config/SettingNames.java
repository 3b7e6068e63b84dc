package alirtc.appserver.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The names of all settings, and what to say of a name that is none. */
final class SettingNames {
    static final String APP_ID = "rtc.1v1audio.appId";
    static final String APP_KEY = "rtc.1v1audio.appKey";
    static final String ACCESS_KEY_ID = "accessKeyID";
    static final String ACCESS_KEY_SECRET = "accessKeySecret";
    static final String ROLE_NAME = "roleName";
    static final String MAX_USERS = "rtc.1v1audio.maxUsers";
    static final String SEAT_TTL = "rtc.seatTtl";
    static final String GSLB = "rtc.gslb";
    static final String TIME_LIMIT = "durationlimit";
    static final String TOKEN_TTL = "rtc.tokenTtl";
    static final String TOKEN_CHECK = "rtc.tokenCheck";
    static final String REGION = "rtc.regionId";
    static final String PRODUCT = "rtc.openapi";
    static final String ENDPOINT = "rtc.openapi.endpoint";
    static final String USERS_CACHE_TTL = "rtc.users.cacheTtl";
    static final String MAX_QPS = "rtc.openapi.maxQps";
    static final String MAX_CALLS = "calls.max";
    static final String REGISTRY = "registry";
    static final String REDIS_URI = "registry.redis.uri";
    static final String REDIS_PASSWORD = "registry.redis.password";
    static final String REDIS_PREFIX = "registry.redis.prefix";
    static final String SEATS_ON_FAILURE = "seats.onRegistryFailure";
    static final String AUTH = "auth";
    static final String JWT_SECRET = "auth.jwt.secret";
    static final String JWT_KEYS = "auth.jwt.jwks";
    static final String JWT_ISSUER = "auth.jwt.issuer";
    static final String JWT_AUDIENCE = "auth.jwt.audience";
    static final String RATE = "rate.perMinute";
    static final String TRUSTED_PROXIES = "proxy.trusted";
    static final String ALLOWED_ORIGINS = "cors.allowedOrigins";
    static final String METRICS_READERS = "metrics.allow";
    static final String LOG_FORMAT = "log.format";
    static final String LOG_REQUESTS = "log.requests";

    /** What can come from a file instead, which the setting of {@link #fileOf} names. */
    static final List<String> SECRETS = List.of(APP_KEY, ACCESS_KEY_ID, ACCESS_KEY_SECRET, JWT_SECRET, REDIS_PASSWORD);

    static final List<String> ALL = Stream.concat(
                    Stream.of(
                            APP_ID,
                            APP_KEY,
                            ACCESS_KEY_ID,
                            ACCESS_KEY_SECRET,
                            ROLE_NAME,
                            MAX_USERS,
                            SEAT_TTL,
                            GSLB,
                            TIME_LIMIT,
                            TOKEN_TTL,
                            TOKEN_CHECK,
                            REGION,
                            PRODUCT,
                            ENDPOINT,
                            USERS_CACHE_TTL,
                            MAX_QPS,
                            MAX_CALLS,
                            REGISTRY,
                            REDIS_URI,
                            REDIS_PASSWORD,
                            REDIS_PREFIX,
                            SEATS_ON_FAILURE,
                            AUTH,
                            JWT_SECRET,
                            JWT_KEYS,
                            JWT_ISSUER,
                            JWT_AUDIENCE,
                            RATE,
                            TRUSTED_PROXIES,
                            ALLOWED_ORIGINS,
                            METRICS_READERS,
                            LOG_FORMAT,
                            LOG_REQUESTS,
                            Settings.FILE),
                    SECRETS.stream().map(SettingNames::fileOf))
            .toList();

    private SettingNames() {}

    /** Returns the setting that names the file which holds a secret. */
    static String fileOf(String secret) {
        return secret + ".file";
    }

    /** Returns the sentence that tells an operator of a name nobody knows, with the nearest one that is known. */
    static String unknown(String name, String origin) {
        var nearest = ALL.stream()
                .min(Comparator.comparingInt(known -> distance(folded(name), folded(known))))
                .orElseThrow();
        return name + ", set " + origin + ", is not a setting; did you mean " + nearest + "?";
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Counts the letters to insert, drop or change to make one text of the other (Levenshtein). */
    private static int distance(String a, String b) {
        var previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            var current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(changed, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
