package alirtc.appserver.config;

import java.net.URI;
import java.util.Optional;

/**
 * Where the cloud tells this server of events.
 *
 * @param owner how the address begins; {@code https}, or {@code http} on this machine, with a slash at the end. Holds no
 *     secret
 * @param secret its last part, by which the cloud proves to be the cloud: letters, digits, hyphens and underscores
 */
public record EventsConfig(URI owner, Secret secret) {
    /** Where events come in, below the server's own address. */
    private static final String PATH = "/events/";

    /** Reads the settings, if the cloud is to tell of events. */
    static Optional<EventsConfig> from(SettingsReader reader) {
        if (!reader.read(SettingsCatalog.EVENTS)) {
            return Optional.empty();
        }
        reader.require(SettingsCatalog.EVENTS_CALLBACK_URL);
        reader.require(SettingsCatalog.EVENTS_SECRET);
        var server = reader.read(SettingsCatalog.EVENTS_CALLBACK_URL);
        var secret = reader.read(SettingsCatalog.EVENTS_SECRET);
        return server.flatMap(address -> secret.map(known -> new EventsConfig(URI.create(address + PATH), known)));
    }

    /** Returns the whole address, which holds the secret: for the cloud alone, never for a log. */
    public URI callback() {
        return owner.resolve(secret.value());
    }
}
