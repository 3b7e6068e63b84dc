package alirtc.appserver.lifecycle;

import java.time.Instant;
import java.util.Optional;

/**
 * What came of an order of the operator's.
 *
 * @param verdict whether it was carried out
 * @param found whether it met anybody: a live call that was known, or the user in the channel
 * @param barredUntil until when no tokens are issued, by the machine's clock, if that was ordered
 */
public record ModerationResult(Verdict verdict, boolean found, Optional<Instant> barredUntil) {

    /** Whether an order was carried out. */
    public enum Verdict {
        /** It was. */
        DONE,
        /** Nothing was done: so many users of the channel are barred that no more can be remembered. */
        TOO_MANY_BARS,
        /** Nothing was done: the registry has no room to remember the bar. */
        REGISTRY_FULL
    }
}
