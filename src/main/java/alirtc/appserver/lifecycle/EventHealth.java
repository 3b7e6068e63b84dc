package alirtc.appserver.lifecycle;

import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.EventPolicy;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.registry.CallStore;
import alirtc.appserver.time.EpochNanos;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges whether events come as they should, by those that should have come: when a lookup shows a user to whom this
 * server issued a token, an event has to tell of the join. Thread-safe; never blocks.
 */
public final class EventHealth {
    /** How late an event may come after a lookup that shows what it tells. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** By how many joins it is judged whether events have fallen silent; they have when three in four are missing. */
    private static final int JUDGED_BY = 16;

    /** By how many it is judged whether they come again; they do when half of them are told. */
    private static final int HEALED_BY = 4;

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int MAX_EXPECTED = 10_000;
    private static final Duration EXPECTED_FOR = Duration.ofMinutes(2);
    private static final Logger LOG = LoggerFactory.getLogger(EventHealth.class);

    /** How events come. */
    public enum State {
        /** None are subscribed to. */
        OFF,
        /** No event was due yet. */
        WAITING,
        /** Those that are due do not come. */
        SILENT,
        /** They come. */
        HEARD
    }

    private final CallStore store;
    private final Timers timers;
    private final Cache<Expected, Boolean> expected;
    private volatile State state;
    private volatile Consumer<Instant> onHealed = since -> {};
    private volatile Instant heardSince;
    private Instant lastHeardAt;
    private int outcomes;
    private int judged;

    /** A user to whom a token was issued. */
    private record Expected(ChannelId channel, String user) {}

    /**
     * Begins to judge.
     *
     * @param used whether events are subscribed to
     * @param store what events have told
     */
    public EventHealth(boolean used, CallStore store, Timers timers, Metrics metrics) {
        this.store = store;
        this.timers = timers;
        this.state = used ? State.WAITING : State.OFF;
        this.lastHeardAt = store.clock().instant();
        this.heardSince = lastHeardAt;
        this.expected = Caffeine.newBuilder()
                .expireAfterWrite(EXPECTED_FOR)
                .maximumSize(MAX_EXPECTED)
                .executor(Runnable::run)
                .ticker(() -> EpochNanos.of(store.clock().instant()))
                .build();
        if (used) {
            metrics.gauge(
                    "alirtc_events_heard",
                    "1 while events of the cloud come as they should, else 0",
                    () -> isHeard() ? 1 : 0);
        }
    }

    /** Sets what is done whenever events come again; it is told since when they may have been missed. */
    void onHealed(Consumer<Instant> action) {
        onHealed = action;
    }

    /** Returns how events come, in a word: {@code off}, {@code waiting}, {@code silent} or {@code heard}. */
    public String word() {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** Returns what events are good for. */
    public EventPolicy policy() {
        return switch (state) {
            case OFF -> EventPolicy.OFF;
            case WAITING, SILENT -> EventPolicy.SILENT;
            case HEARD -> EventPolicy.HEARD;
        };
    }

    boolean isHeard() {
        return state == State.HEARD;
    }

    /** Returns whether events have been heard for so long that they told of almost all who are in a channel. */
    boolean isHeardForLong() {
        return isHeard() && !heardSince.plus(LONG).isAfter(store.clock().instant());
    }

    boolean isSilent() {
        return state == State.SILENT;
    }

    /** Returns whether events will tell of the end of a channel's call, so that it need not be observed. */
    public boolean tellsEndOf(ChannelState state) {
        return isHeard() && state.isHeard(store.clock().instant());
    }

    /** Expects an event: a user got a token and may join. */
    void tokenIssued(ChannelId channel, UserId user) {
        if (state != State.OFF) {
            expected.put(new Expected(channel, user.value()), Boolean.TRUE);
        }
    }

    /** Judges by those whom a lookup showed. */
    public void observed(ChannelState seen) {
        if (state == State.OFF) {
            return;
        }
        for (var user : seen.occupancy().users()) {
            var due = new Expected(seen.channel(), user);
            if (expected.asMap().remove(due) != null) {
                if (seen.occupancy().heardOf(user)) {
                    judge(true);
                } else {
                    timers.after(GRACE, () -> judgeLate(due));
                }
            }
        }
    }

    private void judgeLate(Expected due) {
        // Whether the registry can be asked is reported where it cannot.
        var unused = store.find(due.channel())
                .thenAccept(known ->
                        known.flatMap(state -> wasTold(state, due.user())).ifPresent(this::judge));
    }

    /** Returns whether an event told that a user is there; nothing if the user is not there any more. */
    private static Optional<Boolean> wasTold(ChannelState state, String user) {
        var occupancy = state.occupancy();
        if (occupancy.heardOf(user)
                || occupancy.departed().stream()
                        .anyMatch(session -> session.user().equals(user))) {
            return Optional.of(true);
        }
        return occupancy.users().contains(user) ? Optional.of(false) : Optional.empty();
    }

    private void judge(boolean came) {
        State after;
        Instant since;
        synchronized (this) {
            outcomes = ((outcomes << 1) | (came ? 1 : 0)) & ((1 << JUDGED_BY) - 1);
            judged = Math.min(JUDGED_BY, judged + 1);
            since = lastHeardAt;
            after = next(Integer.bitCount(outcomes));
            // Not while events are silent: those before the first that comes again may be missing, too.
            if (after == State.HEARD && came) {
                lastHeardAt = store.clock().instant();
            }
            if (after == state) {
                return;
            }
            outcomes = 0;
            judged = 0;
            heardSince = store.clock().instant();
            state = after;
        }
        if (after == State.SILENT) {
            LOG.warn("Events of the cloud do not come: the server goes on without, by lookups alone");
        } else {
            LOG.info("Events of the cloud are heard");
            onHealed.accept(since);
        }
    }

    private State next(int came) {
        return switch (state) {
            case OFF -> State.OFF;
            case WAITING -> came > 0 ? State.HEARD : judged >= HEALED_BY ? State.SILENT : State.WAITING;
            case SILENT -> judged >= HEALED_BY && 2 * came >= judged ? State.HEARD : State.SILENT;
            case HEARD -> judged >= JUDGED_BY && 4 * came <= judged ? State.SILENT : State.HEARD;
        };
    }
}
