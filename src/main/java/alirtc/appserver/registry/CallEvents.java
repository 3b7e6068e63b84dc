package alirtc.appserver.registry;

import alirtc.appserver.call.Call;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.metrics.Metrics.Beginning;
import alirtc.appserver.metrics.Metrics.Ending;
import alirtc.appserver.token.ChannelId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator what happens to calls, a line each, and counts it. Thread-safe. */
public final class CallEvents {
    private static final Logger LOG = LoggerFactory.getLogger("calls");

    private final Metrics metrics;

    /** Builds a log that counts in the given metrics. */
    public CallEvents(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Tells of a channel's call before and after a change of any kind. */
    public void changed(@Nullable Call before, @Nullable Call after) {
        boolean same = before != null && after != null && before.id() == after.id();
        if (before != null && before.stage() != Call.Stage.ENDED) {
            if (after == null) {
                ended(before, Ending.LEFT);
            } else if (!same) {
                ended(before, Ending.SUPERSEDED);
            } else if (after.stage() == Call.Stage.ENDED) {
                ended(before, Ending.LIMIT);
            }
        }
        if (after != null && !same) {
            begun(before, after);
        }
        if (after != null) {
            StrangerLog.tell(before, after);
        }
    }

    private void begun(@Nullable Call before, Call call) {
        // A call whose start is known at once, with none before it, was told of by those in it.
        var by = before != null
                ? Beginning.NEXT_TOKEN
                : call.stage() == Call.Stage.KNOWN ? Beginning.RECOVERED : Beginning.TOKEN;
        metrics.callBegun(by);
        tell(call.channel(), "by", by, "Call began");
    }

    /** Tells of a call whose start those in it told. */
    public void recovered(ChannelId channel, Instant since) {
        LOG.atInfo()
                .addKeyValue("channel", channel.value())
                .addKeyValue("since", since)
                .log("Call recovered");
    }

    /** Tells of a call that was there before, nobody knows since when. */
    public void foundUntold(ChannelId channel) {
        LOG.info("A call in {} was found in progress; nobody can tell since when", channel.value());
    }

    private void ended(Call call, Ending reason) {
        metrics.callEnded(reason);
        tell(call.channel(), "reason", reason, "Call ended");
    }

    /** Tells of a call that has to be ended now, unless that was told at an earlier attempt. */
    public void limitReached(Call call) {
        if (call.retry() == null && call.stage() != Call.Stage.ENDED) {
            LOG.atInfo().addKeyValue("channel", call.channel().value()).log("Time limit reached");
        }
    }

    /** Tells of a channel that was deleted. */
    public void deleted(Call call) {
        metrics.deleteTried(true);
        var reason = call.stage() == Call.Stage.ENDED ? "came-back" : "limit";
        LOG.atInfo()
                .addKeyValue("channel", call.channel().value())
                .addKeyValue("reason", reason)
                .log("Channel deleted");
    }

    /** Tells of an attempt to delete a channel that failed. */
    public void deleteFailed(Call call, Throwable failure) {
        metrics.deleteTried(false);
        LOG.warn("The call in {} cannot be ended yet: {}", call.channel().value(), failure.getMessage());
    }

    private static void tell(ChannelId channel, String name, Enum<?> value, String what) {
        LOG.atInfo()
                .addKeyValue("channel", channel.value())
                .addKeyValue(name, value.name().toLowerCase(Locale.ROOT))
                .log(what);
    }
}
