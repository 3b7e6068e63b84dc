package alirtc.appserver.auth;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** What is published as a JWKS gives public keys that are strong enough, or none. */
public final class KeysFuzz {
    private static final Path FILE = newFile();

    private KeysFuzz() {}

    private static Path newFile() {
        try {
            var file = Files.createTempFile("keys", ".json");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Files.write(FILE, input);
        try {
            var reader = new JwksReader(FILE.toUri(), new JwksRetriever(new ScheduledThreadPoolExecutor(0)));
            for (var key : reader.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), 0, null)
                    .getKeys()) {
                boolean strong = key instanceof RSAKey rsa ? rsa.size() >= 2048 : key instanceof ECKey;
                if (key.isPrivate() || !strong) {
                    throw new AssertionError("taken for a key: " + key);
                }
            }
        } catch (JWKSetUnavailableException e) {
            // As it should: this does not end the reading.
        }
    }
}
