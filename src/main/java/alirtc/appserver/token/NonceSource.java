package alirtc.appserver.token;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Draws nonces: {@code AK-} and 32 lower-case hexadecimal digits from a secure source. Each thread draws its random bytes
 * in bulk, since the source takes one caller at a time. Thread-safe.
 */
final class NonceSource {
    private static final int NONCE_BYTES = 16;
    private static final int BULK_BYTES = 256 * NONCE_BYTES;
    private static final HexFormat HEX = HexFormat.of();

    private final SecureRandom random;

    /** Of a class of Java's own: a container's threads would keep one of ours, and with it an undeployed application. */
    private final ThreadLocal<ByteBuffer> bulk =
            ThreadLocal.withInitial(() -> ByteBuffer.allocate(BULK_BYTES).position(BULK_BYTES));

    NonceSource(SecureRandom random) {
        this.random = random;
    }

    String next() {
        var bytes = bulk.get();
        if (!bytes.hasRemaining()) {
            var fresh = new byte[BULK_BYTES];
            random.nextBytes(fresh);
            bytes.clear().put(fresh).flip();
        }
        var nonce = new byte[NONCE_BYTES];
        bytes.get(nonce);
        return "AK-" + HEX.formatHex(nonce);
    }
}
