package alirtc.appserver.config;

import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Turns texts into values and collects every problem, so that an operator sees them all at once. */
final class SettingsReader {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\*+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{1,256}");
    private static final Pattern PREFIX =
            Pattern.compile("(?=.{1,64}$)[A-Za-z0-9._:-]*\\{[A-Za-z0-9._:-]+}[A-Za-z0-9._:-]*");
    private static final String WEB_FORM = "must be a web address such as https://host";
    private static final String REDIS_FORM =
            "must be one address such as redis://host:6379 or rediss://user@host:6379/0";
    private static final Pattern REDIS_USER = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern REDIS_DATABASE = Pattern.compile("(/([0-9]{1,4})?)?");
    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})(ms|s|m|h|d)");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final int MAX_LIMIT_MINUTES = 7 * 24 * 60;

    private final Settings settings;
    private final List<String> problems = new ArrayList<>();

    SettingsReader(Settings settings) {
        this.settings = settings;
        problems.addAll(settings.problems());
    }

    /** Reads a required name. */
    String name(String setting) {
        return required(setting, SettingsReader::parseName, "");
    }

    /** Reads a name that has a default. */
    String nameOr(String setting, String standard) {
        return optional(setting, SettingsReader::parseName).orElse(standard);
    }

    /** Reads a required secret. */
    Secret secret(String setting) {
        return required(setting, SettingsReader::parseSecret, new Secret(""));
    }

    /** Reads the AccessKey pair, else the role's name, else leaves it to the SDK if that was told where to look. */
    Credentials credentials() {
        var id = optional(SettingNames.ACCESS_KEY_ID, SettingsReader::parseSecret);
        var secret = optional(SettingNames.ACCESS_KEY_SECRET, SettingsReader::parseSecret);
        var idGiven = settings.isGiven(SettingNames.ACCESS_KEY_ID);
        var secretGiven = settings.isGiven(SettingNames.ACCESS_KEY_SECRET);
        if (id.isPresent() && secret.isPresent()) {
            return new Credentials.AccessKey(id.get(), secret.get());
        }
        if (idGiven != secretGiven) {
            missing(idGiven ? SettingNames.ACCESS_KEY_SECRET : SettingNames.ACCESS_KEY_ID);
        }
        var role = optional(SettingNames.ROLE_NAME, SettingsReader::parseName);
        if (role.isPresent()) {
            return new Credentials.EcsRole(role.get());
        }
        if (!idGiven && !secretGiven && !settings.sdkHasCredentials()) {
            problems.add("no credentials for the OpenAPI: set " + SettingNames.ACCESS_KEY_ID + " and "
                    + SettingNames.ACCESS_KEY_SECRET + ", or " + SettingNames.ROLE_NAME + " on an ECS instance, "
                    + settings.origin(SettingNames.ACCESS_KEY_ID)
                    + "; or a variable of the Alibaba Cloud SDK such as ALIBABA_CLOUD_ACCESS_KEY_ID");
        }
        return new Credentials.SdkDefault();
    }

    /** Reads a list of web addresses, divided by commas. */
    List<String> webAddresses(String setting, String standard) {
        return optional(setting, text -> {
                    var addresses = new ArrayList<String>();
                    for (var address : text.split(",", -1)) {
                        addresses.add(parseWebAddress(address.strip()).toString());
                    }
                    return addresses;
                })
                .orElse(new ArrayList<>(List.of(standard)));
    }

    /** Reads a number of minutes, of which -1 means none. */
    Optional<Duration> minutesOrNone(String setting) {
        return numberOrNone(setting, 1, MAX_LIMIT_MINUTES).map(Duration::ofMinutes);
    }

    /** Reads a whole number within bounds, both included, of which -1 means none. */
    Optional<Integer> numberOrNone(String setting, int least, int most) {
        return optional(
                        setting,
                        text -> "-1".equals(text)
                                ? Optional.<Integer>empty()
                                : Optional.of(parseInt(text, least, most, "-1 or ")))
                .flatMap(number -> number);
    }

    /** Reads what the log looks like. */
    LogConfig logRules() {
        var json = optional(SettingNames.LOG_FORMAT, text -> switch (text) {
            case "plain" -> false;
            case "json" -> true;
            default -> throw new IllegalArgumentException("must be plain or json");
        });
        return new LogConfig(json.orElse(false), onOff(SettingNames.LOG_REQUESTS, true));
    }

    /** Reads a switch. */
    boolean onOff(String setting, boolean standard) {
        return optional(setting, text -> switch (text) {
                    case "on" -> true;
                    case "off" -> false;
                    default -> throw new IllegalArgumentException("must be on or off");
                })
                .orElse(standard);
    }

    /** Reads which product the application belongs to; RTC if it is not set. */
    Product product() {
        return optional(SettingNames.PRODUCT, Product::of).orElse(Product.RTC);
    }

    /** Reads one of two words, of which the first is the default. */
    String choice(String setting, String standard, String other) {
        return optional(setting, text -> {
                    if (!text.equals(standard) && !text.equals(other)) {
                        throw new IllegalArgumentException("must be " + standard + " or " + other);
                    }
                    return text;
                })
                .orElse(standard);
    }

    /** Reads a secret that may be left out. */
    Optional<Secret> secretOrNone(String setting) {
        return optional(setting, SettingsReader::parseSecret);
    }

    /** Reads the address of a Redis server, as {@code redis://} or {@code rediss://} and without a password. */
    URI redis(String setting) {
        return required(setting, SettingsReader::parseRedis, URI.create("redis://none"));
    }

    /** Reads the beginning of the names of keys, in which braces say what a cluster keeps together. */
    String prefix(String setting, String standard) {
        return optional(setting, text -> {
                    if (!PREFIX.matcher(text).matches()) {
                        throw new IllegalArgumentException(
                                "must be 1-64 of A-Z a-z 0-9 . _ : { } - and hold a name in braces, such as {alirtc}:");
                    }
                    return text;
                })
                .orElse(standard);
    }

    /** Reads a whole number within bounds, both included. */
    int number(String setting, int standard, int least, int most) {
        return optional(setting, text -> parseInt(text, least, most, "")).orElse(standard);
    }

    /** Reads a duration within bounds, both included. */
    Duration duration(String setting, String standard, Duration least, Duration most) {
        return duration(setting, standard, least, most, "");
    }

    /** Reads how long a token lives, as far as the product lets it. */
    Duration tokenTtl(String standard, Duration least, Product product) {
        var where = " with " + SettingNames.PRODUCT + " = " + product.setting();
        return duration(SettingNames.TOKEN_TTL, standard, least, product.longestToken(), where);
    }

    private Duration duration(String setting, String standard, Duration least, Duration most, String where) {
        return optional(setting, text -> {
                    var duration = parseDuration(text);
                    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                        throw new IllegalArgumentException(
                                "must be from " + words(least) + " to " + words(most) + where);
                    }
                    return duration;
                })
                .orElseGet(() -> parseDuration(standard));
    }

    /** Reads the address of an API: encrypted, or on this machine. */
    URI endpoint(String setting, URI standard) {
        return optional(setting, text -> {
                    var address = parseSafeAddress(text);
                    var path = address.getRawPath();
                    if (!path.isEmpty() && !"/".equals(path)) {
                        throw new IllegalArgumentException("must have no path");
                    }
                    return address;
                })
                .orElse(standard);
    }

    /**
     * Ends the reading.
     *
     * @throws IllegalArgumentException if there was any problem, naming all of them
     */
    void refuseProblems() {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "The server cannot start with these settings:\n  - " + String.join("\n  - ", problems));
        }
    }

    /** Returns whether the setting is set, be it to nonsense. */
    boolean isGiven(String setting) {
        return settings.isGiven(setting);
    }

    /** Notes what is wrong with a setting by the values of others. */
    void refuse(String setting, String problem) {
        problems.add(setting + ", set " + settings.origin(setting) + ", " + problem);
    }

    private <T> T required(String setting, Function<String, T> parser, T whenRefused) {
        if (!settings.isGiven(setting)) {
            missing(setting);
        }
        return optional(setting, parser).orElse(whenRefused);
    }

    /** Reads a setting, if it is set to something that the parser does not refuse. */
    <T> Optional<T> optional(String setting, Function<String, T> parser) {
        return settings.text(setting).flatMap(text -> {
            try {
                if (PLACEHOLDER.matcher(text).matches() && !isStarAllowed(setting, text)) {
                    throw new IllegalArgumentException("is still the placeholder; put the real value there");
                }
                return Optional.of(parser.apply(text));
            } catch (IllegalArgumentException e) {
                refuse(setting, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    private static boolean isStarAllowed(String setting, String text) {
        return SettingNames.ALLOWED_ORIGINS.equals(setting) && AccessConfig.ANY_ORIGIN.equals(text);
    }

    private void missing(String setting) {
        problems.add(setting + " is missing: set it " + settings.origin(setting));
    }

    private static String parseName(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("must be 1-64 of A-Z a-z 0-9 . _ -");
        }
        return text;
    }

    private static Secret parseSecret(String text) {
        if (!SECRET.matcher(text).matches()) {
            throw new IllegalArgumentException("must be 1-256 printable ASCII characters without blanks");
        }
        return new Secret(text);
    }

    private static int parseInt(String text, int least, int most, String orElse) {
        var range = "must be " + orElse + "a whole number from " + least + " to " + most;
        try {
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException(range);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(range, e);
        }
    }

    private static Duration parseDuration(String text) {
        var match = DURATION.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("must be a number with a unit ms, s, m, h or d, such as 12h");
        }
        var unit = switch (match.group(2)) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
        return Duration.of(Long.parseLong(match.group(1)), unit);
    }

    private static String words(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 86_400_000 == 0 && millis > 86_400_000) {
            return duration.toDays() + "d";
        }
        if (millis % 3_600_000 == 0) {
            return duration.toHours() + "h";
        }
        if (millis % 60_000 == 0) {
            return duration.toMinutes() + "m";
        }
        return millis % 1000 == 0 ? duration.toSeconds() + "s" : millis + "ms";
    }

    /** Reads the address of something to be asked: encrypted, or on this machine. */
    static URI parseSafeAddress(String text) {
        var address = parseWebAddress(text);
        if ("http".equals(address.getScheme()) && !LOOPBACK.contains(address.getHost())) {
            throw new IllegalArgumentException(
                    "must be https, since others can read and change what http carries; http is for 127.0.0.1 alone");
        }
        return address;
    }

    private static URI parseWebAddress(String text) {
        var address = parseUri(text, WEB_FORM);
        var web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
        if (!web
                || address.getHost() == null
                || address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw new IllegalArgumentException(WEB_FORM);
        }
        return address;
    }

    private static URI parseUri(String text, String form) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            // Its message may hold a password.
            throw new IllegalArgumentException(form, null);
        }
    }

    private static URI parseRedis(String text) {
        var address = parseUri(text, REDIS_FORM);
        var user = address.getRawUserInfo();
        if (user != null && user.contains(":")) {
            throw new IllegalArgumentException(
                    "must hold no password, since addresses are logged; set " + SettingNames.REDIS_PASSWORD);
        }
        var redis = "redis".equals(address.getScheme()) || "rediss".equals(address.getScheme());
        if (!redis
                || address.getHost() == null
                || (user != null && !REDIS_USER.matcher(user).matches())
                || !REDIS_DATABASE.matcher(address.getRawPath()).matches()
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw new IllegalArgumentException(REDIS_FORM);
        }
        return address;
    }
}
