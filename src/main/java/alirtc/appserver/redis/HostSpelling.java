package alirtc.appserver.redis;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Spells a host's name another way each second, since Java keeps the addresses of a name for half a minute by its
 * spelling: a failover that moves the name has to be noticed sooner. To resolvers capital letters mean nothing (RFC 4343).
 * Thread-safe.
 */
final class HostSpelling {
    /** So many letters give more spellings than there are seconds for which Java keeps one. */
    private static final int LETTERS = 5;

    private final LongSupplier nanoTime;

    /**
     * Builds the spelling of this moment and all later ones.
     *
     * @param nanoTime a counter of nanoseconds that never steps
     */
    HostSpelling(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns a host's name as it is spelled now; an address has one spelling only. */
    String of(String host) {
        if (host.indexOf(':') >= 0) {
            return host;
        }
        long second = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
        var spelled = new StringBuilder(host);
        int letters = 0;
        for (int i = 0; i < spelled.length() && letters < LETTERS; i++) {
            char letter = spelled.charAt(i);
            if (Character.isLetter(letter)) {
                boolean capital = ((second >> letters) & 1) == 1;
                spelled.setCharAt(i, capital ? Character.toUpperCase(letter) : Character.toLowerCase(letter));
                letters++;
            }
        }
        return spelled.toString();
    }
}
