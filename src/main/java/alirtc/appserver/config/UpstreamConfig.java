package alirtc.appserver.config;

import java.net.URI;
import java.time.Duration;

/**
 * What the server asks in the cloud, and how often.
 *
 * @param product which product the application belongs to
 * @param credentials prove the server to the OpenAPI
 * @param endpoint the OpenAPI; {@code https}, or {@code http} on this machine
 * @param regionId the region that signed requests name
 * @param maxQps the most requests to the OpenAPI in a second; 1 to 10000
 * @param usersCacheTtl how long an answer about a channel's users serves; 1 ms to 10 s
 */
public record UpstreamConfig(
        Product product, Credentials credentials, URI endpoint, String regionId, int maxQps, Duration usersCacheTtl) {

    /**
     * Reads the settings.
     *
     * @param product the product that is set
     */
    static UpstreamConfig from(SettingsReader reader, Product product) {
        return new UpstreamConfig(
                product,
                Credentials.from(reader),
                reader.read(SettingsCatalog.ENDPOINT).orElse(product.endpoint()),
                reader.read(SettingsCatalog.REGION),
                reader.read(SettingsCatalog.MAX_QPS),
                reader.read(SettingsCatalog.USERS_CACHE_TTL));
    }

    /** Returns whether a stand-in on this machine takes the cloud's place: nothing else may be asked without TLS. */
    public boolean usesStandIn() {
        return "http".equals(endpoint.getScheme());
    }
}
