package alirtc.appserver.registry;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.metrics.Metrics.Beginning;
import alirtc.appserver.metrics.Metrics.Ending;
import alirtc.appserver.token.ChannelId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Reports to the operator what happens to calls, a line each, and counts it. Thread-safe. */
public final class CallEvents {
    private static final Logger LOG = LoggerFactory.getLogger("calls");

    /** What cannot break a line of the log: these names were not made here. */
    private static final Pattern NAME = Pattern.compile("[!-~]{1,64}");

    private final Metrics metrics;
    private final NewestCalls newest = new NewestCalls();

    /** Builds a log that counts in the given metrics. */
    public CallEvents(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Shows how many channels a store keeps, and whether it can be asked. */
    void watch(CallStore store) {
        metrics.gauge(
                "alirtc_calls_live",
                "Calls in which people are believed to be",
                () -> store.counts().live());
        metrics.gauge(
                "alirtc_calls_kept_ended",
                "Channels that are kept ended at their time limit while tokens for them are valid",
                () -> store.counts().keptEnded());
        metrics.gauge(
                "alirtc_channels_known",
                "Channels that are remembered: with calls, with tokens that nobody used, and kept ended",
                () -> store.counts().channels());
        metrics.gauge(
                "alirtc_registry_reachable",
                "1 while the registry of calls can be asked, else 0",
                () -> store.isReachable() ? 1 : 0);
    }

    /** Returns the live channels whose calls began last. */
    public NewestCalls newest() {
        return newest;
    }

    /** Reports a channel before and after a change of any kind. */
    void changed(@Nullable ChannelState before, @Nullable ChannelState after) {
        if (after != null) {
            newest.changed(after);
        } else if (before != null) {
            newest.forget(before.channel());
        }
        boolean same = before != null
                && after != null
                && before.call().id() == after.call().id();
        if (before != null && before.call().isOngoing()) {
            if (after == null || after.call().stage() == Stage.OVER) {
                ended(before, Ending.LEFT);
            } else if (!same) {
                ended(before, Ending.SUPERSEDED);
            } else if (after.call().stage() == Stage.ENDED) {
                ended(before, Ending.LIMIT);
            }
        }
        if (after != null && !same) {
            begun(before, after);
        }
        if (after != null) {
            unseated(before == null ? List.of() : before.seats().unseated(), after);
        }
    }

    private void begun(@Nullable ChannelState before, ChannelState state) {
        // A call whose start is known at once, with none before it, was recovered from those in it.
        var by = before != null
                ? Beginning.NEXT_TOKEN
                : state.call().stage() == Stage.KNOWN ? Beginning.RECOVERED : Beginning.TOKEN;
        metrics.callBegun(by);
        tell(state.channel(), "by", by, "Call began");
    }

    /** Reports users whom the latest change noticed first: seen in the channel without a seat. */
    private static void unseated(List<String> before, ChannelState state) {
        for (var user : state.seats().unseated()) {
            if (!before.contains(user)) {
                LOG.warn(
                        "{} is in {} without a seat and {}",
                        NAME.matcher(user).matches() ? user : "Somebody with an odd name",
                        state.channel().value(),
                        state.seats().holds(user) ? "got a free one" : "all are taken");
            }
        }
    }

    /** Reports a call whose start those in it told. */
    public void recovered(ChannelId channel, Instant since) {
        LOG.atInfo()
                .addKeyValue("channel", channel.value())
                .addKeyValue("since", since)
                .log("Call recovered");
    }

    /** Reports a call that was there before, nobody knows since when. */
    public void foundStartUnknown(ChannelId channel) {
        LOG.info("A call in {} was found in progress; nobody can tell since when", channel.value());
    }

    /** Reports a channel that was forgotten to make room for another. */
    public void displaced(ChannelState state) {
        if (state.call().isOngoing()) {
            ended(state, Ending.DISPLACED);
        }
    }

    private void ended(ChannelState state, Ending reason) {
        metrics.callEnded(reason);
        tell(state.channel(), "reason", reason, "Call ended");
    }

    /** Reports a call that has to be ended now, unless that was told at an earlier attempt. */
    public void limitReached(ChannelState state) {
        var call = state.call();
        if (call.schedule().retry() == null && call.isOngoing()) {
            LOG.atInfo().addKeyValue("channel", state.channel().value()).log("Time limit reached");
        }
    }

    /** Reports a channel that was deleted. */
    public void deleted(ChannelState state) {
        metrics.deleteTried(true);
        var reason = state.call().stage() == Stage.ENDED ? "came-back" : "limit";
        LOG.atInfo()
                .addKeyValue("channel", state.channel().value())
                .addKeyValue("reason", reason)
                .log("Channel deleted");
    }

    /** Reports an attempt to delete a channel that failed; the further ones for a call fail for all, and are no news. */
    public void deleteFailed(ChannelState state, Throwable failure) {
        metrics.deleteTried(false);
        LOG.atLevel(state.call().schedule().retry() == null ? Level.WARN : Level.DEBUG)
                .log("The call in {} cannot be ended yet: {}", state.channel().value(), failure.getMessage());
    }

    private static void tell(ChannelId channel, String name, Enum<?> value, String what) {
        LOG.atInfo()
                .addKeyValue("channel", channel.value())
                .addKeyValue(name, value.name().toLowerCase(Locale.ROOT))
                .log(what);
    }
}
