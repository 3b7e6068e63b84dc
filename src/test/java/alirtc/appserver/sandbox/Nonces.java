package alirtc.appserver.sandbox;

import java.util.LinkedHashSet;
import java.util.Set;

/** The nonces seen of late, so that no call is taken twice. Thread-safe. */
final class Nonces {
    private static final int KEPT = 10_000;

    private final Set<String> seen = new LinkedHashSet<>();

    /** Keeps the nonce, and says whether it is new; beyond so many the oldest is forgotten. */
    synchronized boolean add(String nonce) {
        var isNew = seen.add(nonce);
        if (seen.size() > KEPT) {
            var oldest = seen.iterator();
            oldest.next();
            oldest.remove();
        }
        return isNew;
    }
}
