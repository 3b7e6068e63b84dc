package alirtc.appserver.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is told of calls.
 *
 * @param url where messages are posted to; {@code https}, or {@code http} on this machine
 * @param secrets what they are signed with, {@code whsec_} and 24 to 64 bytes in base64; one or two
 * @param types what the receiver is told of; at least one
 * @param warnBefore how long before its limit a call is told to be ending; 5 seconds to 1 hour
 */
public record WebhooksConfig(URI url, List<Secret> secrets, Set<String> types, Duration warnBefore) {
    /** What a receiver can be told of. */
    public static final List<String> TYPES =
            List.of("call.started", "call.user_joined", "call.user_left", "call.ending", "call.ended");

    /** Copies the collections in. */
    public WebhooksConfig {
        secrets = List.copyOf(secrets);
        types = Set.copyOf(types);
    }

    /** Reads the settings, if anybody is to be told. */
    static Optional<WebhooksConfig> from(SettingsReader reader) {
        var url = reader.read(SettingsCatalog.WEBHOOKS_URL);
        var secrets = reader.read(SettingsCatalog.WEBHOOKS_SECRET);
        var types = reader.read(SettingsCatalog.WEBHOOKS_EVENTS);
        var warnBefore = reader.read(SettingsCatalog.WEBHOOKS_WARN_BEFORE);
        if (!reader.isGiven(SettingsCatalog.WEBHOOKS_URL)) {
            if (reader.isGiven(SettingsCatalog.WEBHOOKS_SECRET)) {
                reader.reject(
                        SettingsCatalog.WEBHOOKS_SECRET,
                        "means nothing without " + SettingsCatalog.WEBHOOKS_URL.name());
            }
            return Optional.empty();
        }
        reader.require(SettingsCatalog.WEBHOOKS_SECRET);
        if (reader.read(SettingsCatalog.RECORDS) == RecordsConfig.Place.OFF) {
            reader.reject(
                    SettingsCatalog.WEBHOOKS_URL,
                    "needs " + SettingsCatalog.RECORDS.name()
                            + " = file or redis: what is to be told is written down first");
        }
        return url.flatMap(address -> secrets.map(known -> new WebhooksConfig(address, known, types, warnBefore)));
    }
}
