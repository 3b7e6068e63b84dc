package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Joins;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.openapi.JoinTime;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * Finds out when a call began that may have begun before it was known, from those in it: when they joined. Where the
 * cloud never tells joins, that nobody can tell is recorded. Once for all who want to know. Thread-safe; never blocks.
 */
public final class StartTimeRecovery {
    /** Of how many users the cloud is asked; a 1-to-1 call has two. */
    static final int MAX_USERS = 20;

    /** By how much the cloud's clock may differ from ours before its times are translated. */
    static final Duration SKEW = Duration.ofSeconds(5);

    /** The cloud tells whole seconds: from two of its times, a user may be there for so much less than they say. */
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);
    private static final FailureReport FAILURES = new FailureReport(LoggerFactory.getLogger(StartTimeRecovery.class));

    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final CallRegistry calls;
    private final SteadyClock clock;
    private final CallEvents events;
    private final ConcurrentHashMap<ChannelId, CompletableFuture<ChannelState>> running = new ConcurrentHashMap<>();

    /**
     * What one user's join was told to be.
     *
     * @param askedAt when the request went out, by the steady clock
     * @param answeredAt when the answer came
     * @param time what the cloud told; nothing if the user is not there
     */
    private record Told(Instant askedAt, Instant answeredAt, Optional<JoinTime> time) {

        /** Returns from when on the user was there for sure, whatever the cloud's clock shows. */
        Instant presentSince() {
            var join = time.orElseThrow();
            var atLeast = Duration.between(join.joinedAt(), join.answeredAt()).minus(ROUNDING);
            return atLeast.isNegative() ? answeredAt : answeredAt.minus(atLeast);
        }
    }

    /**
     * Builds the only way to recover starts.
     *
     * @param events is told of what was found
     */
    public StartTimeRecovery(RtcClient rtc, UpstreamDispatcher upstream, CallRegistry calls, CallEvents events) {
        this.rtc = rtc;
        this.upstream = upstream;
        this.calls = calls;
        this.clock = calls.clock();
        this.events = events;
    }

    /** Returns a future that is done when the recovery that runs for a channel is over; at once if none does. */
    CompletableFuture<?> running(ChannelId channel) {
        var recovery = running.get(channel);
        return recovery == null ? CompletableFuture.completedFuture(null) : recovery;
    }

    /** Starts a recovery for a channel where people were just seen, if its call's start is provisional. */
    public void recoverIfProvisional(ChannelState state, ChannelUsers users) {
        if (state.call().stage() == Stage.PROVISIONAL && !users.isEmpty()) {
            // The stage reports a defect itself; that the cloud does not tell is tried again with the next observation.
            var unused = recover(state.channel(), users)
                    .whenComplete((recovered, failure) -> FAILURES.report(
                            "The start of the call in {} cannot be recovered",
                            state.channel().value(),
                            failure));
        }
    }

    /** Returns the state of a channel where people were just seen; fails with an {@link RtcException}. */
    CompletableFuture<ChannelState> recover(ChannelId channel, ChannelUsers users) {
        var mine = new CompletableFuture<ChannelState>();
        var other = running.putIfAbsent(channel, mine);
        if (other != null) {
            return other;
        }
        // Who comes just after another's request was answered finds its answer here, and asks nothing again.
        var recovered = NOW.thenCompose(now -> calls.findIfPossible(channel))
                .thenCompose(known -> known.filter(state -> state.call().stage() != Stage.PROVISIONAL)
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> ask(channel, users, known)));
        // The stage ends the recovery, whose result is what others wait for.
        var unused = recovered.whenComplete((state, failure) -> {
            running.remove(channel);
            if (failure == null) {
                mine.complete(state);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    private CompletableFuture<ChannelState> ask(ChannelId channel, ChannelUsers users, Optional<ChannelState> known) {
        if (!rtc.tellsJoinTimes()) {
            return calls.startLearned(channel, Optional.empty(), users).whenComplete((state, failure) -> {
                if (failure == null && state.call().stage() == Stage.START_UNKNOWN) {
                    events.foundStartUnknown(channel);
                }
            });
        }
        return joins(channel, witnesses(users, known))
                .thenCompose(joins -> calls.startLearned(channel, Optional.of(joins), users))
                .whenComplete((state, failure) -> {
                    if (failure == null) {
                        events.recovered(channel, clock.toWall(state.call().startedAt()));
                    }
                });
    }

    /** Returns those who can tell: not whoever came by the latest token, if there are others. */
    private static List<String> witnesses(ChannelUsers users, Optional<ChannelState> known) {
        var tickets = known.map(state -> state.call().evidence().tickets()).orElse(List.of());
        var others = users.everyone().stream()
                .filter(user -> tickets.isEmpty()
                        || !tickets.get(tickets.size() - 1).user().equals(user))
                .toList();
        return others.isEmpty() ? List.copyOf(users.everyone()) : others;
    }

    private CompletableFuture<Joins> joins(ChannelId channel, List<String> users) {
        var asked = users.stream()
                .limit(MAX_USERS)
                .map(user -> upstream.submit(Action.JOIN_TIME, Priority.CHECK, () -> ask(channel, user))
                        .answer())
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenCompose(all -> joins(asked.stream()
                                .map(CompletableFuture::join)
                                .filter(told -> told.time().isPresent())
                                .toList())
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> CompletableFuture.failedFuture(
                                new RtcException(Kind.MALFORMED, "nobody of those in the channel says since when"))));
    }

    private Told ask(ChannelId channel, String user) throws RtcException {
        var askedAt = clock.instant();
        var time = rtc.joinTime(channel, user);
        return new Told(askedAt, clock.instant(), time);
    }

    private Optional<Joins> joins(List<Told> told) {
        return told.stream()
                .map(Told::askedAt)
                .min(Comparator.naturalOrder())
                .map(askedAt -> new Joins(askedAt, earliest(told, this::joinedAt), earliest(told, Told::presentSince)));
    }

    /** Returns when a user joined, by the steady clock and never in the future. */
    private Instant joinedAt(Told told) {
        var time = told.time().orElseThrow();
        var skew = Duration.between(clock.toWall(told.answeredAt()), time.answeredAt());
        var joined =
                clock.fromWall(skew.abs().compareTo(SKEW) > 0 ? time.joinedAt().minus(skew) : time.joinedAt());
        return joined.isAfter(told.answeredAt()) ? told.answeredAt() : joined;
    }

    private static Instant earliest(List<Told> told, Function<Told, Instant> time) {
        return told.stream().map(time).min(Comparator.naturalOrder()).orElseThrow();
    }
}
