package alirtc.appserver.call;

import java.time.Duration;
import java.util.Optional;

/**
 * What ends a call that goes on, by the operator's will. Immutable.
 *
 * @param limit how long a call may last, if there is a limit; more than nothing. Its tokens may make it shorter
 * @param warnBefore how long before the limit a call on record is told to be ending, if it is
 * @param aloneFor how long one may be left alone in a call in which two were, if that ends it; {@link
 *     Schedule#JOIN_GRACE} or more
 */
public record CallRules(Optional<Duration> limit, Optional<Duration> warnBefore, Optional<Duration> aloneFor) {
    /** The longest limit that there is, of the operator's or of a token. */
    public static final Duration MAX_LIMIT = Duration.ofDays(7);

    /** Calls last as long as people like. */
    public static final CallRules NONE = new CallRules(Optional.empty(), Optional.empty(), Optional.empty());

    /** Returns the rule that a call may last so long. */
    public static CallRules limit(Duration limit) {
        return new CallRules(Optional.of(limit), Optional.empty(), Optional.empty());
    }
}
