package alirtc.appserver.config;

import java.time.Duration;
import java.util.List;

/**
 * What tokens are made of.
 *
 * @param appId names the application
 * @param appKey signs tokens; never leaves the server
 * @param gslb where the phones' RTC SDK finds the media servers; at least one address
 * @param ttl how long a token admits its user, if the calls' time limit does not say less; 1 minute to 7 days, in
 *     ApsaraVideo Live to 24 hours
 * @param check whether anybody may ask whether a token is valid
 */
public record TokenConfig(String appId, Secret appKey, List<String> gslb, Duration ttl, boolean check) {

    /** Copies the addresses in. */
    public TokenConfig {
        gslb = List.copyOf(gslb);
    }

    /**
     * Reads the settings.
     *
     * @param product limits how long tokens live
     */
    static TokenConfig from(SettingsReader reader, Product product) {
        return new TokenConfig(
                reader.read(SettingsCatalog.APP_ID),
                reader.read(SettingsCatalog.APP_KEY),
                reader.read(SettingsCatalog.GSLB),
                reader.read(SettingsCatalog.tokenTtl(product)),
                reader.read(SettingsCatalog.TOKEN_CHECK));
    }
}
