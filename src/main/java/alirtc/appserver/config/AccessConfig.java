package alirtc.appserver.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may call, and how often.
 *
 * @param jwt what a caller has to prove who they are by; nothing, if empty
 * @param perMinute how many requests a caller may make in a minute, if there is a limit; positive
 * @param trustedProxies whose word on the address of a client counts
 * @param metricsReaders who may read the metrics
 * @param origins the web pages, by their origin, whose scripts may call; {@code *} stands for all
 * @param adminSecret what the operator's backend proves itself by, if there is one
 */
public record AccessConfig(
        Optional<JwtConfig> jwt,
        Optional<Integer> perMinute,
        List<Network> trustedProxies,
        List<Network> metricsReaders,
        Set<String> origins,
        Optional<Secret> adminSecret) {
    /** Among the origins: whichever. */
    public static final String ANY_ORIGIN = "*";

    /** Copies the lists in. */
    public AccessConfig {
        trustedProxies = List.copyOf(trustedProxies);
        metricsReaders = List.copyOf(metricsReaders);
        origins = Set.copyOf(origins);
    }

    /** Reads the settings. */
    static AccessConfig from(SettingsReader reader) {
        return new AccessConfig(
                JwtConfig.from(reader),
                reader.read(SettingsCatalog.RATE),
                reader.read(SettingsCatalog.TRUSTED_PROXIES),
                reader.read(SettingsCatalog.METRICS_READERS),
                reader.read(SettingsCatalog.ALLOWED_ORIGINS),
                reader.read(SettingsCatalog.ADMIN_SECRET));
    }

    /** Returns in words for an operator what is open to all, with the setting that would close it. */
    public List<String> open() {
        var open = new ArrayList<String>();
        if (jwt.isEmpty()) {
            open.add("callers need not prove who they are (" + SettingsCatalog.AUTH_BY_JWT.name() + ")");
        }
        jwt.filter(rules -> rules.keys() instanceof JwtConfig.Keys.Published
                        && rules.audience().isEmpty())
                .ifPresent(rules ->
                        open.add("JWTs for any audience are good here (" + SettingsCatalog.JWT_AUDIENCE.name() + ")"));
        if (perMinute.isEmpty()) {
            open.add("callers may ask as often as they like (" + SettingsCatalog.RATE.name() + ")");
        }
        if (origins.contains(ANY_ORIGIN)) {
            open.add("scripts of any web page may call (" + SettingsCatalog.ALLOWED_ORIGINS.name() + ")");
        }
        return open;
    }
}
