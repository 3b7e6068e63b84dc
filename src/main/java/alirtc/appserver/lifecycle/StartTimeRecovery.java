package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.openapi.JoinTime;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds out when a call began of which nothing is remembered, from those in it: the earliest of their joins. Where the
 * cloud never tells joins, the call is recorded as found now, its start unknown. Once for all who want to know.
 * Thread-safe; never blocks.
 */
public final class StartTimeRecovery {
    /** Of how many users the cloud is asked; a 1-to-1 call has two. */
    static final int MAX_USERS = 20;

    /** By how much the cloud's clock may differ from ours before its times are translated. */
    static final Duration SKEW = Duration.ofSeconds(5);

    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final CallRegistry calls;
    private final SteadyClock clock;
    private final CallEvents events;
    private final ConcurrentHashMap<ChannelId, CompletableFuture<ChannelState>> running = new ConcurrentHashMap<>();

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

    /** Returns the state of a channel where people were just seen; fails with an {@link RtcException}. */
    CompletableFuture<ChannelState> recover(ChannelId channel, ChannelUsers users) {
        var mine = new CompletableFuture<ChannelState>();
        var other = running.putIfAbsent(channel, mine);
        if (other != null) {
            return other;
        }
        // Who comes just after another's request was answered finds its answer here, and asks nothing again.
        var recovered = calls.findIfPossible(channel)
                .thenCompose(known -> known.filter(state -> state.call().stage() != Stage.PROVISIONAL)
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> ask(channel, users)));
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

    private CompletableFuture<ChannelState> ask(ChannelId channel, ChannelUsers users) {
        if (!rtc.tellsJoinTimes()) {
            events.foundStartUnknown(channel);
            return calls.startLearned(channel, Optional.empty(), users);
        }
        return earliestJoin(channel, List.copyOf(users.everyone()))
                .thenCompose(join -> calls.startLearned(channel, Optional.of(join), users))
                .whenComplete((state, failure) -> {
                    if (failure == null) {
                        events.recovered(channel, clock.toWall(state.call().startedAt()));
                    }
                });
    }

    private CompletableFuture<Instant> earliestJoin(ChannelId channel, List<String> users) {
        var joins = users.stream()
                .limit(MAX_USERS)
                .map(user -> upstream.submit(Priority.INTERACTIVE, () -> rtc.joinTime(channel, user))
                        .answer())
                .toList();
        return CompletableFuture.allOf(joins.toArray(CompletableFuture[]::new))
                .thenCompose(all -> joins.stream()
                        .map(CompletableFuture::join)
                        .flatMap(Optional::stream)
                        .map(this::joinedAt)
                        .min(Comparator.naturalOrder())
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> CompletableFuture.failedFuture(
                                new RtcException(Kind.MALFORMED, "nobody of those in the channel says since when"))));
    }

    /** Returns when a user joined, by the steady clock and never in the future. */
    private Instant joinedAt(JoinTime time) {
        var now = clock.instant();
        var skew = Duration.between(clock.toWall(now), time.answeredAt());
        var joined =
                clock.fromWall(skew.abs().compareTo(SKEW) > 0 ? time.joinedAt().minus(skew) : time.joinedAt());
        return joined.isAfter(now) ? now : joined;
    }
}
