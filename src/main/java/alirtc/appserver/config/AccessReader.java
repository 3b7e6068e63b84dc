package alirtc.appserver.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the settings that say who may call. */
final class AccessReader {
    private static final List<Network> THIS_MACHINE = List.of(Network.parse("127.0.0.0/8"), Network.parse("::1"));
    private static final int HIGHEST_RATE = 100_000;

    /** RFC 7518, section 3.2: a key for HS256 has at least so many bytes. */
    private static final Pattern JWT_SECRET = Pattern.compile("[\\x21-\\x7e]{32,256}");

    private static final Pattern JWT_NAME = Pattern.compile("[\\x21-\\x7e]{1,256}");

    /** As browsers write it: in lower case, without a path (RFC 6454, section 6.2). */
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\\[[0-9a-f:.]+])(?::[1-9][0-9]{0,4})?");

    private static final Pattern STANDARD_PORT = Pattern.compile("http://.*:80|https://.*:443");
    private static final Pattern WEB = Pattern.compile("(?i)https?:.*");

    private final SettingsReader reader;

    AccessReader(SettingsReader reader) {
        this.reader = reader;
    }

    /** Reads them all. */
    AccessConfig access() {
        return new AccessConfig(
                jwt(),
                reader.numberOrNone(SettingNames.RATE, 1, HIGHEST_RATE),
                reader.optional(SettingNames.TRUSTED_PROXIES, text -> each(text, Network::parse))
                        .orElse(List.of()),
                reader.optional(SettingNames.METRICS_READERS, text -> each(text, Network::parse))
                        .orElse(THIS_MACHINE),
                reader.optional(SettingNames.ALLOWED_ORIGINS, AccessReader::parseOrigins)
                        .orElse(Set.of()));
    }

    private Optional<JwtConfig> jwt() {
        var off = !reader.isGiven(SettingNames.AUTH);
        var on = reader.optional(SettingNames.AUTH, AccessReader::parseAuth);
        Optional<JwtConfig.Keys> secret = reader.optional(SettingNames.JWT_SECRET, AccessReader::parseJwtSecret);
        Optional<JwtConfig.Keys> published = reader.optional(SettingNames.JWT_KEYS, AccessReader::parseKeys);
        var issuer = reader.optional(SettingNames.JWT_ISSUER, AccessReader::parseJwtName);
        var audience = reader.optional(SettingNames.JWT_AUDIENCE, AccessReader::parseJwtName);
        if (off || on.equals(Optional.of(false))) {
            for (var setting : List.of(
                    SettingNames.JWT_SECRET,
                    SettingNames.JWT_KEYS,
                    SettingNames.JWT_ISSUER,
                    SettingNames.JWT_AUDIENCE)) {
                if (reader.isGiven(setting)) {
                    reader.refuse(setting, "means nothing without " + SettingNames.AUTH + " = jwt");
                }
            }
            return Optional.empty();
        }
        var secretGiven = reader.isGiven(SettingNames.JWT_SECRET);
        var publishedGiven = reader.isGiven(SettingNames.JWT_KEYS);
        if (secretGiven && publishedGiven) {
            reader.refuse(SettingNames.JWT_SECRET, "must not be set beside " + SettingNames.JWT_KEYS);
        } else if (!secretGiven && !publishedGiven) {
            reader.refuse(
                    SettingNames.AUTH,
                    "needs " + SettingNames.JWT_SECRET + " or " + SettingNames.JWT_KEYS + " beside it, if it is jwt");
        }
        return on.flatMap(yes -> secret.or(() -> published)).map(keys -> new JwtConfig(keys, issuer, audience));
    }

    private static boolean parseAuth(String text) {
        return switch (text) {
            case "none" -> false;
            case "jwt" -> true;
            default -> throw new IllegalArgumentException("must be none or jwt");
        };
    }

    private static JwtConfig.Keys parseJwtSecret(String text) {
        if (!JWT_SECRET.matcher(text).matches()) {
            throw new IllegalArgumentException("must be 32-256 printable ASCII characters without blanks");
        }
        return new JwtConfig.Keys.Shared(new Secret(text));
    }

    private static String parseJwtName(String text) {
        if (!JWT_NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("must be 1-256 printable ASCII characters without blanks");
        }
        return text;
    }

    private static JwtConfig.Keys parseKeys(String text) {
        return new JwtConfig.Keys.Published(
                WEB.matcher(text).matches() ? SettingsReader.parseSafeAddress(text) : parseFile(text));
    }

    private static URI parseFile(String text) {
        try {
            var file = Path.of(text);
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                return file.toUri();
            }
        } catch (IllegalArgumentException e) {
            // No path at all: refused as one that leads nowhere.
        }
        throw new IllegalArgumentException("must be an https address or a file that can be read");
    }

    private static Set<String> parseOrigins(String text) {
        if (AccessConfig.ANY_ORIGIN.equals(text)) {
            return Set.of(text);
        }
        return new LinkedHashSet<>(each(text, AccessReader::parseOrigin));
    }

    private static String parseOrigin(String text) {
        if (!ORIGIN.matcher(text).matches() || STANDARD_PORT.matcher(text).matches()) {
            throw new IllegalArgumentException("must be * or origins such as https://web.example, commas between; in"
                    + " lower case, with no path, and with a port only if it is not the scheme's own");
        }
        return text;
    }

    private static <T> List<T> each(String text, Function<String, T> parser) {
        var list = new ArrayList<T>();
        for (var part : text.split(",", -1)) {
            list.add(parser.apply(part.strip()));
        }
        return list;
    }
}
