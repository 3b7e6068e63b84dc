package alirtc.appserver.call;

import java.time.Duration;
import java.util.Optional;

/**
 * What ends a call that goes on, by the operator's will. Immutable.
 *
 * @param limit how long a call may last, if there is a limit; more than nothing
 * @param warnBefore how long before the limit a call on record is told to be ending, if it is
 */
public record CallRules(Optional<Duration> limit, Optional<Duration> warnBefore) {
    /** Calls last as long as people like. */
    public static final CallRules NONE = new CallRules(Optional.empty(), Optional.empty());

    /** Returns the rule that a call may last so long. */
    public static CallRules limit(Duration limit) {
        return new CallRules(Optional.of(limit), Optional.empty());
    }
}
