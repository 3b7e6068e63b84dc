package alirtc.appserver.rtc;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Draws nonces: {@code AK-} and 32 lower-case hexadecimal digits from a secure source. Each thread draws its random bytes
 * in bulk, since the source takes one caller at a time. Thread-safe.
 */
final class NonceSource {
    private static final int NONCE_BYTES = 16;
    private static final int BULK_NONCES = 256;
    private static final HexFormat HEX = HexFormat.of();

    private final SecureRandom random;
    private final ThreadLocal<Bulk> bulk = ThreadLocal.withInitial(Bulk::new);

    NonceSource(SecureRandom random) {
        this.random = random;
    }

    String next() {
        return bulk.get().next();
    }

    /** Random bytes that one thread has drawn. */
    private final class Bulk {
        private final byte[] bytes = new byte[BULK_NONCES * NONCE_BYTES];
        private int used = bytes.length;

        String next() {
            if (used == bytes.length) {
                random.nextBytes(bytes);
                used = 0;
            }
            used += NONCE_BYTES;
            return "AK-" + HEX.formatHex(bytes, used - NONCE_BYTES, used);
        }
    }
}
