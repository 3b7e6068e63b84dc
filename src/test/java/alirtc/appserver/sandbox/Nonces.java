package alirtc.appserver.sandbox;

import java.util.LinkedHashSet;
import java.util.Set;

/** The nonces seen lately, so that no request is accepted twice. Thread-safe. */
final class Nonces {
    private static final int KEPT = 10_000;

    private final Set<String> seen = new LinkedHashSet<>();

    /** Adds the nonce and returns whether it is new; beyond the limit the oldest is forgotten. */
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
