package alirtc.appserver.registry;

import alirtc.appserver.call.Call;
import alirtc.appserver.call.Seats;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator of users who were seen in a channel without a seat: once for each, as long as it is remembered. */
final class StrangerLog {
    /** What cannot break a line of the log: these names were not made here. */
    private static final Pattern NAME = Pattern.compile("[!-~]{1,64}");

    private static final Logger LOG = LoggerFactory.getLogger(StrangerLog.class);

    private StrangerLog() {}

    /** Tells of those whom the latest change of a call noticed first. */
    static void tell(@Nullable Call before, Call now) {
        var seats = now.seats();
        var known = before == null ? Seats.NONE : before.seats();
        for (var user : seats.unseated()) {
            if (!known.unseated().contains(user)) {
                LOG.warn(
                        "{} is in {} without a seat and {}",
                        NAME.matcher(user).matches() ? user : "Somebody with an odd name",
                        now.channel().value(),
                        seats.holds(user) ? "got a free one" : "all are taken");
            }
        }
    }
}
