package alirtc.appserver.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All settings, each declared once. To add one takes three edits:
 *
 * <ol>
 *   <li>its declaration here, by which its name is known in all sources and the form of its text is checked;
 *   <li>a component of the record that it belongs to, such as {@link CallsConfig}, read in the record's {@code from};
 *   <li>its documentation: a row in {@code configuration.md}, in each language, and a line in
 *       {@code application.properties}.
 * </ol>
 *
 * <p>{@code SettingsCatalogTest} fails while an edit is missing, and prints the row. A setting whose form is
 * {@link TextForms#secret} can come from a file without more.
 */
final class SettingsCatalog {
    /** Every declaration adds itself; so this comes first. */
    private static final List<Setting<?>> DECLARED = new ArrayList<>();

    static final Setting<String> APP_ID = required("rtc.1v1audio.appId", TextForms.name(), "", "the application");
    static final Setting<Secret> APP_KEY =
            required("rtc.1v1audio.appKey", TextForms.secret(1, 256), new Secret(""), "its key, which signs tokens");

    static final Setting<Optional<Secret>> ACCESS_KEY_ID =
            optional("accessKeyID", TextForms.secret(1, 256), "see below", "the id of a RAM user's AccessKey");
    static final Setting<Optional<Secret>> ACCESS_KEY_SECRET =
            optional("accessKeySecret", TextForms.secret(1, 256), "see below", "its secret");
    static final Setting<Optional<String>> ROLE_NAME = optional(
            "roleName", TextForms.name(), "see below", "the RAM role of the ECS instance that the server runs on");

    static final Setting<Product> PRODUCT = withDefault(
            "rtc.openapi",
            new Form<>("rtc, or live for ApsaraVideo Live", Product::of),
            "rtc",
            "the product that the application belongs to");
    static final Setting<Optional<URI>> ENDPOINT = optional(
            "rtc.openapi.endpoint",
            AddressForms.endpoint(),
            Product.RTC.endpoint() + ", or " + Product.LIVE.endpoint(),
            "the cloud's OpenAPI");
    static final Setting<Integer> MAX_QPS = withDefault(
            "rtc.openapi.maxQps",
            NumberForms.number(1, 10_000),
            "80",
            "the most requests to the OpenAPI in a second, for each of its actions. An account may make 100 for each");
    static final Setting<String> REGION =
            withDefault("rtc.regionId", TextForms.name(), "cn-hangzhou", "the region that signed requests name");
    static final Setting<Duration> USERS_CACHE_TTL = withDefault(
            "rtc.users.cacheTtl",
            NumberForms.duration(Duration.ofMillis(1), Duration.ofSeconds(10)),
            "1s",
            "how long an answer about a channel's users serves while the budget of requests is tight");

    static final Setting<List<String>> GSLB = withDefault(
            "rtc.gslb",
            AddressForms.webAddresses(),
            "https://rgslb.rtc.aliyuncs.com",
            "where phones find the media servers");
    static final Setting<Duration> TOKEN_TTL = withDefault(
            "rtc.tokenTtl",
            tokenTtlForm(Product.RTC).describedAs(tokenTtlWords()),
            "12h",
            "how long a token admits its user. With a time limit, at most the limit and a minute");
    static final Setting<Boolean> TOKEN_CHECK = withDefault(
            "rtc.tokenCheck",
            TextForms.onOff(),
            "off",
            "whether /app/tokenCheck answers. For development; on in the sandbox");

    static final Setting<Optional<Duration>> TIME_LIMIT = withDefault(
            "durationlimit",
            NumberForms.minutes(1, (int) Duration.ofDays(7).toMinutes()),
            "-1",
            "how long a call may last. A JWT may make it shorter");
    static final Setting<Optional<Duration>> ALONE_HANG_UP_AFTER = optional(
            "alone.hangUpAfter",
            NumberForms.duration(Duration.ofSeconds(30), Duration.ofDays(1)),
            "never",
            "how long one may be left alone in a call in which two were, before it is ended");
    static final Setting<Optional<Integer>> MAX_USERS =
            withDefault("rtc.1v1audio.maxUsers", NumberForms.limit(1, 100), "-1", "how many seats a channel has");
    static final Setting<Duration> SEAT_TTL = withDefault(
            "rtc.seatTtl",
            NumberForms.duration(Duration.ofSeconds(5), Duration.ofHours(1)),
            "30s",
            "how long a seat waits for its user after a token");
    static final Setting<Optional<Integer>> MAX_CALLS = optional(
            "calls.max",
            NumberForms.number(1, 10_000_000),
            "one for each 8 KB of heap, at most 1000000; 1000000 with Redis",
            "how many calls the server remembers at a time. With Redis, all servers together");
    static final Setting<Boolean> OPEN_ON_REGISTRY_FAILURE = withDefault(
            "seats.onRegistryFailure",
            TextForms.choice("closed", "open").map("open"::equals),
            "closed",
            "tokens that need a seat while Redis fails: closed rejects them with 503, open does not count");

    static final Setting<Boolean> REGISTRY_IN_REDIS = withDefault(
            "registry",
            TextForms.choice("memory", "redis").map("redis"::equals),
            "memory",
            "where the server keeps calls: in its memory, or in Redis for several servers");
    static final Setting<Optional<Secret>> REDIS_PASSWORD =
            optional("registry.redis.password", TextForms.secret(1, 256), "none", "its password");
    static final Setting<Optional<URI>> REDIS_URI = optional(
            "registry.redis.uri", AddressForms.redis(REDIS_PASSWORD), "required with redis", "the address of Redis");
    static final Setting<String> REDIS_PREFIX = withDefault(
            "registry.redis.prefix", TextForms.prefix(), "{alirtc}:", "how the names of the server's keys begin");

    static final Setting<Boolean> EVENTS = withDefault(
            "events",
            TextForms.onOff(),
            "off",
            "whether the cloud tells the server who comes to a channel and who leaves");
    static final Setting<Optional<URI>> EVENTS_CALLBACK_URL = optional(
            "events.callbackUrl",
            AddressForms.server(),
            "required with events = on",
            "where the cloud reaches the server, with the context path");
    static final Setting<Optional<Secret>> EVENTS_SECRET = optional(
            "events.secret",
            TextForms.addressSecret(32, 256),
            "required with events = on",
            "the end of the address at which events come in, which nobody but the cloud may know");

    static final Setting<RecordsConfig.Place> RECORDS = withDefault(
            "records",
            TextForms.choice("off", "file", "redis").map(RecordsConfig.Place::of),
            "off",
            "where the server keeps records of calls: nowhere, in a folder, or in Redis beside the calls");
    static final Setting<Optional<Path>> RECORDS_DIR = optional(
            "records.dir",
            AddressForms.folder(),
            "required with records = file",
            "the folder for records, of this server alone; made if it is not there");
    static final Setting<Duration> RECORDS_KEEP = withDefault(
            "records.keep",
            NumberForms.duration(Duration.ofDays(1), Duration.ofDays(3650)),
            "90d",
            "how long records are kept, and webhooks that could not be delivered");

    static final Setting<Optional<URI>> WEBHOOKS_URL =
            optional("webhooks.url", AddressForms.receiver(), "none", "who is told of calls; needs records");
    static final Setting<Optional<List<Secret>>> WEBHOOKS_SECRET = optional(
            "webhooks.secret",
            TextForms.webhookSecrets(),
            "required with webhooks.url",
            "what webhooks are signed with; two while the receiver changes from one to the other");
    static final Setting<Set<String>> WEBHOOKS_EVENTS = declare(new Setting<>(
            "webhooks.events",
            TextForms.someOf(WebhooksConfig.TYPES),
            false,
            "all",
            Set.copyOf(WebhooksConfig.TYPES),
            "what the receiver is told of"));
    static final Setting<Duration> WEBHOOKS_WARN_BEFORE = withDefault(
            "webhooks.warnBefore",
            NumberForms.duration(Duration.ofSeconds(5), Duration.ofHours(1)),
            "1m",
            "how long before its limit a call is told to be ending");

    static final Setting<Boolean> AUTH_BY_JWT = withDefault(
            "auth",
            TextForms.choice("none", "jwt").map("jwt"::equals),
            "none",
            "whether callers have to prove who they are");

    /** RFC 7518, section 3.2: a key for HS256 has at least 32 bytes. */
    static final Setting<Optional<Secret>> JWT_SECRET = optional(
            "auth.jwt.secret",
            TextForms.secret(32, 256),
            "this or auth.jwt.jwks, with auth = jwt",
            "the secret that signs JWTs with HS256, or from 48 characters on HS384, or from 64 on HS512");

    static final Setting<Optional<URI>> JWT_KEYS = optional(
            "auth.jwt.jwks",
            AddressForms.document(),
            "this or auth.jwt.secret, with auth = jwt",
            "the JWKS with the public keys that JWTs are signed with");
    static final Setting<Optional<String>> JWT_ISSUER =
            optional("auth.jwt.issuer", TextForms.printable(1, 256), "any", "what iss in a JWT has to be");
    static final Setting<Optional<String>> JWT_AUDIENCE = optional(
            "auth.jwt.audience", TextForms.printable(1, 256), "any", "what aud in a JWT has to be, or to hold");
    static final Setting<Optional<Integer>> RATE = withDefault(
            "rate.perMinute", NumberForms.limit(1, 100_000), "-1", "how many requests a caller may make in a minute");
    static final Setting<List<Network>> TRUSTED_PROXIES = declare(new Setting<>(
            "proxy.trusted",
            AddressForms.networks(),
            false,
            "none",
            List.of(),
            "the proxies whose X-Forwarded-For counts"));
    static final Setting<Set<String>> ALLOWED_ORIGINS = declare(new Setting<>(
            "cors.allowedOrigins",
            AddressForms.origins(),
            false,
            "none",
            Set.of(),
            "the origins of web pages whose scripts may call"));
    static final Setting<List<Network>> METRICS_READERS = withDefault(
            "metrics.allow",
            AddressForms.networks(),
            "127.0.0.0/8,::1",
            "whose requests for metrics and the overview are answered");

    static final Setting<Boolean> LOG_AS_JSON = withDefault(
            "log.format",
            TextForms.choice("plain", "json").map("json"::equals),
            "plain",
            "the form of the log: json is a JSON object a line");
    static final Setting<Boolean> LOG_REQUESTS =
            withDefault("log.requests", TextForms.onOff(), "on", "whether each request has a line in the log");

    /** Names a file with the others, and so is read before them, as a plain text. */
    static final Setting<Optional<String>> CONFIG_FILE = optional(
            "rtc.config",
            new Form<>("a path; only as a system property or an environment variable", path -> path),
            "none",
            "a properties file with any of the other settings");

    private SettingsCatalog() {}

    /** Returns all settings. */
    static List<Setting<?>> all() {
        return List.copyOf(DECLARED);
    }

    /** Returns the settings that hold secrets. */
    static List<Setting<?>> secrets() {
        return DECLARED.stream().filter(Setting::isSecret).toList();
    }

    /** Returns the settings whose variables other programs use, too. */
    static List<Setting<?>> shared() {
        return List.of(AUTH_BY_JWT, REGISTRY_IN_REDIS, EVENTS, RECORDS, LOG_AS_JSON);
    }

    /** Returns all names that a source may give a text to: those of the settings, and of the files with secrets. */
    static List<String> names() {
        return Stream.concat(
                        DECLARED.stream().map(Setting::name), secrets().stream().map(Setting::fileName))
                .toList();
    }

    /** Returns {@link #TOKEN_TTL} with the bounds that hold for a product. */
    static Setting<Duration> tokenTtl(Product product) {
        return TOKEN_TTL.withForm(tokenTtlForm(product));
    }

    private static Form<Duration> tokenTtlForm(Product product) {
        return NumberForms.duration(
                Duration.ofMinutes(1), product.maxTokenTtl(), " with " + PRODUCT.name() + " = " + product.setting());
    }

    private static String tokenTtlWords() {
        return tokenTtlForm(Product.RTC).words() + ", in " + Product.LIVE.title() + " to "
                + NumberForms.words(Product.LIVE.maxTokenTtl());
    }

    private static <T> Setting<T> required(String name, Form<T> form, T standIn, String meaning) {
        return declare(new Setting<>(name, form, true, "required", standIn, meaning));
    }

    private static <T> Setting<Optional<T>> optional(String name, Form<T> form, String unset, String meaning) {
        return declare(new Setting<>(name, form.optional(), false, unset, Optional.empty(), meaning));
    }

    private static <T> Setting<T> withDefault(String name, Form<T> form, String text, String meaning) {
        return declare(new Setting<>(name, form, false, text, form.parse(text), meaning));
    }

    private static <T> Setting<T> declare(Setting<T> setting) {
        DECLARED.add(setting);
        return setting;
    }
}
