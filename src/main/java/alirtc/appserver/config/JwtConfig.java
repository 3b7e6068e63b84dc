package alirtc.appserver.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Which JWTs prove a caller.
 *
 * @param keys what they are signed with
 * @param issuer who must have issued them; anybody with the key, if empty
 * @param audience whom they must be meant for; anybody, if empty
 */
public record JwtConfig(Keys keys, Optional<String> issuer, Optional<String> audience) {

    /** Reads the settings, if callers have to prove by JWTs who they are. */
    static Optional<JwtConfig> from(SettingsReader reader) {
        var jwt = reader.find(SettingsCatalog.AUTH_BY_JWT);
        var secret = reader.read(SettingsCatalog.JWT_SECRET);
        var location = reader.read(SettingsCatalog.JWT_KEYS);
        var issuer = reader.read(SettingsCatalog.JWT_ISSUER);
        var audience = reader.read(SettingsCatalog.JWT_AUDIENCE);
        if (!reader.isGiven(SettingsCatalog.AUTH_BY_JWT) || jwt.equals(Optional.of(false))) {
            rejectAll(reader);
            return Optional.empty();
        }
        requireOneKey(reader);
        return secret.<Keys>map(Keys.Shared::new)
                .or(() -> location.map(Keys.Published::new))
                .filter(keys -> jwt.isPresent())
                .map(keys -> new JwtConfig(keys, issuer, audience));
    }

    /** Whoever sets any of these means to have JWTs checked, and must not start a server that does not. */
    private static void rejectAll(SettingsReader reader) {
        for (var setting : List.of(
                SettingsCatalog.JWT_SECRET,
                SettingsCatalog.JWT_KEYS,
                SettingsCatalog.JWT_ISSUER,
                SettingsCatalog.JWT_AUDIENCE)) {
            if (reader.isGiven(setting)) {
                reader.reject(setting, "means nothing without " + SettingsCatalog.AUTH_BY_JWT.name() + " = jwt");
            }
        }
    }

    private static void requireOneKey(SettingsReader reader) {
        var secret = SettingsCatalog.JWT_SECRET;
        var location = SettingsCatalog.JWT_KEYS;
        if (reader.isGiven(secret) && reader.isGiven(location)) {
            reader.reject(secret, "must not be set beside " + location.name());
        } else if (!reader.isGiven(secret) && !reader.isGiven(location)) {
            reader.reject(
                    SettingsCatalog.AUTH_BY_JWT,
                    "needs " + secret.name() + " or " + location.name() + " beside it, if it is jwt");
        }
    }

    /** What JWTs are signed with. */
    public sealed interface Keys {

        /**
         * A secret that their issuer and this server share.
         *
         * @param secret 32 to 256 printable ASCII characters, which are the key's bytes
         */
        record Shared(Secret secret) implements Keys {}

        /**
         * Keys of which their issuer publishes the public halves, as a JWKS.
         *
         * @param location a file; or {@code https}; or {@code http} on this machine
         */
        record Published(URI location) implements Keys {}
    }
}
