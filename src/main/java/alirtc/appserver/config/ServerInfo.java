package alirtc.appserver.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/**
 * What anybody may know of how this server is set up; nothing in it is secret.
 *
 * @param version the server's own
 * @param product what it asks, with the version
 * @param endpoint where
 * @param standIn whether a stand-in on this machine takes the cloud's place
 * @param appIdStart the first characters of the AppId, half of it at the most
 * @param maxUsers how many users may have tokens for a channel at a time, if there is a limit
 * @param timeLimit how long a call may last, if there is a limit
 * @param tokenTtl how long a token admits its user
 * @param jwt whether callers have to prove by a JWT who they are
 */
public record ServerInfo(
        String version,
        String product,
        URI endpoint,
        boolean standIn,
        String appIdStart,
        Optional<Integer> maxUsers,
        Optional<Duration> timeLimit,
        Duration tokenTtl,
        boolean jwt) {
    private static final int MAX_APP_ID_PREFIX = 4;

    /** Returns what may be known of a configuration. */
    public static ServerInfo of(AppConfig config, String product, Duration tokenTtl) {
        var appId = config.token().appId();
        return new ServerInfo(
                readVersion(),
                product,
                config.upstream().endpoint(),
                config.upstream().usesStandIn(),
                appId.substring(0, Math.min(MAX_APP_ID_PREFIX, appId.length() / 2)),
                config.calls().maxUsers(),
                config.calls().timeLimit(),
                tokenTtl,
                config.access().jwt().isPresent());
    }

    private static String readVersion() {
        try (var in = ServerInfo.class.getResourceAsStream("version.properties")) {
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
