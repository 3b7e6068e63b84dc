package alirtc.appserver.token;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Draws nonces and user ids from a secure source. Each thread draws its random bytes in bulk, since the source takes one
 * caller at a time. Thread-safe.
 */
final class SecureDraw {
    private static final int NONCE_BYTES = 16;
    private static final int BULK_BYTES = 256 * NONCE_BYTES;
    private static final HexFormat HEX = HexFormat.of();

    private static final int USERS = 100_000_000;

    /** A multiple of {@link #USERS}, so that the remainder of a number below it is fair. */
    private static final int FAIR_BELOW = 21 * USERS;

    private final SecureRandom random;

    /** Of a class of Java's own: a container's threads would keep one of ours, and with it an undeployed application. */
    private final ThreadLocal<ByteBuffer> bulk =
            ThreadLocal.withInitial(() -> ByteBuffer.allocate(BULK_BYTES).position(BULK_BYTES));

    SecureDraw(SecureRandom random) {
        this.random = random;
    }

    /** Returns {@code AK-} and 32 lower-case hexadecimal digits. */
    String nonce() {
        var nonce = new byte[NONCE_BYTES];
        bytes(NONCE_BYTES).get(nonce);
        return "AK-" + HEX.formatHex(nonce);
    }

    /**
     * Returns a user id of eight decimal digits, all equally likely. That one who comes to a channel gets the id of one
     * who is there happens once in 100,000,000 times.
     */
    UserId userId() {
        int number;
        do {
            number = bytes(Integer.BYTES).getInt() & Integer.MAX_VALUE;
        } while (number >= FAIR_BELOW);
        return new UserId(Integer.toString(USERS + number % USERS).substring(1));
    }

    /** Returns the thread's random bytes, of which at least so many are left. */
    private ByteBuffer bytes(int least) {
        var bytes = bulk.get();
        if (bytes.remaining() < least) {
            var fresh = new byte[BULK_BYTES];
            random.nextBytes(fresh);
            bytes.clear().put(fresh).flip();
        }
        return bytes;
    }
}
