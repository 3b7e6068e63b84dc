package alirtc.appserver.registry;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.EndReason;
import alirtc.appserver.metrics.CallMetrics.Beginning;
import alirtc.appserver.metrics.CallMetrics.Disuse;
import alirtc.appserver.metrics.CallMetrics.Ending;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.token.ChannelId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

    /**
     * Reports a channel before and after a change of any kind, made at a time.
     *
     * @param deletedFor why the channel was deleted, if that is the change
     */
    void changed(
            @Nullable ChannelState before, @Nullable ChannelState after, Optional<EndReason> deletedFor, Instant now) {
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
                ended(before, Ending.LEFT, now);
            } else if (!same) {
                ended(before, Ending.SUPERSEDED, now);
            } else if (after.call().stage() == Stage.ENDED) {
                ended(before, deletedFor.map(CallEvents::ending).orElse(Ending.LIMIT), now);
            }
        }
        if (after != null) {
            begun(before, after, same);
            unseated(before == null ? List.of() : before.seats().unseated(), after);
        }
    }

    private static Ending ending(EndReason reason) {
        return switch (reason) {
            case ALONE -> Ending.ALONE;
            case ENDED -> Ending.OPERATOR;
            default -> Ending.LIMIT;
        };
    }

    private void begun(@Nullable ChannelState before, ChannelState state, boolean same) {
        boolean recovered =
                !same && state.isLive() && (before == null || before.call().stage() == Stage.OVER);
        if (!same && state.call().isOngoing()) {
            tell(
                    state.channel(),
                    "by",
                    recovered ? "recovered" : before == null ? "token" : "next_token",
                    "Call began");
        }
        if (state.isAttended() && !(same && before != null && before.isAttended())) {
            metrics.calls().begun(recovered ? Beginning.RECOVERED : Beginning.TOKEN);
        }
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

    /** Reports a channel that was forgotten to make room for another: one in which nobody was seen. */
    public void displaced(ChannelState state) {
        if (state.call().isOngoing()) {
            metrics.calls().unused(Disuse.DISPLACED);
            tell(state.channel(), "reason", "displaced", "Call ended");
        }
    }

    private void ended(ChannelState state, Ending reason, Instant now) {
        if (state.isAttended()) {
            metrics.calls().ended(reason);
            duration(state, now).ifPresent(metrics.calls()::lasted);
        } else {
            metrics.calls().unused(Disuse.EXPIRED);
        }
        tell(state.channel(), "reason", reason.name().toLowerCase(Locale.ROOT), "Call ended");
    }

    /** Returns how long a call lasted until it was first seen to be empty, or else until now; nothing if nobody knows. */
    private static Optional<Duration> duration(ChannelState state, Instant now) {
        var pending = state.call().evidence().pending();
        var lasted = Duration.between(state.call().safeStart(), pending == null ? now : pending.emptyAt());
        return state.call().stage() == Stage.START_UNKNOWN || lasted.isNegative()
                ? Optional.empty()
                : Optional.of(lasted);
    }

    /** Reports a call that has to be ended now, unless that was told at an earlier attempt. */
    public void endDue(ChannelState state, EndReason reason) {
        var call = state.call();
        if (call.schedule().retry() == null && call.isOngoing()) {
            LOG.atInfo()
                    .addKeyValue("channel", state.channel().value())
                    .log(reason == EndReason.ALONE ? "Left alone for too long" : "Time limit reached");
        }
    }

    /**
     * Reports a channel that was deleted.
     *
     * @param reason why; of no interest where people came back to a call that was ended
     * @param delay how long after the limit, if that was reached
     */
    public void deleted(ChannelState state, EndReason reason, Optional<Duration> delay) {
        metrics.calls().deletionTried(true);
        boolean cameBack = state.call().stage() == Stage.ENDED;
        if (!cameBack) {
            delay.ifPresent(metrics.calls()::endedAtLimit);
        }
        var word = cameBack ? "came-back" : reason.name().toLowerCase(Locale.ROOT);
        LOG.atInfo()
                .addKeyValue("channel", state.channel().value())
                .addKeyValue("reason", word)
                .log("Channel deleted");
    }

    /** Reports an attempt to delete a channel that failed; the further ones for a call fail for all, and are no news. */
    public void deleteFailed(ChannelState state, Throwable failure) {
        metrics.calls().deletionTried(false);
        LOG.atLevel(state.call().schedule().retry() == null ? Level.WARN : Level.DEBUG)
                .log("The call in {} cannot be ended yet: {}", state.channel().value(), failure.getMessage());
    }

    private static void tell(ChannelId channel, String name, String value, String what) {
        LOG.atInfo()
                .addKeyValue("channel", channel.value())
                .addKeyValue(name, value)
                .log(what);
    }
}
