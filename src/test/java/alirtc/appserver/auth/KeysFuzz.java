package alirtc.appserver.auth;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

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
            for (var key : new KeyFetch(FILE.toUri()).keys().getKeys()) {
                boolean strong = key instanceof RSAKey rsa ? rsa.size() >= 2048 : key instanceof ECKey;
                if (key.isPrivate() || !strong) {
                    throw new AssertionError("taken for a key: " + key);
                }
            }
        } catch (IOException | ParseException | RuntimeException e) {
            // As it should: none of these ends the fetching.
        }
    }
}
