package alirtc.appserver.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** A JWKS, whatever it holds, yields public keys that are strong enough, or is rejected. */
public final class KeysFuzz {
    private static final Path FILE = newFile();
    private static final JwksReader READER =
            new JwksReader(FILE.toUri(), new JwksRetriever(new ScheduledThreadPoolExecutor(0)));

    private static long now;

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

    /** Loads the JSON parser and the log, which can take longer than any input may. */
    public static void fuzzerInitialize() throws IOException {
        fuzzerTestOneInput("{\"keys\":[]}".getBytes(UTF_8));
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Files.write(FILE, input);
        try {
            now += JwksReader.GAP.toMillis();
            for (var key : READER.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), now, null)
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
