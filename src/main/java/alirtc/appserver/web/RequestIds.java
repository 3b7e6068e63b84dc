package alirtc.appserver.web;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Names requests: the server's own random prefix and a number, so that a name is not met twice. Thread-safe. */
final class RequestIds {
    private final String prefix = HexFormat.of().toHexDigits(new SecureRandom().nextLong()) + "-";
    private final AtomicLong count = new AtomicLong();

    String next() {
        return prefix + Long.toHexString(count.incrementAndGet());
    }
}
