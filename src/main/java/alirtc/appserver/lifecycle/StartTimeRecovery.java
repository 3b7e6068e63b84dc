package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call;
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
import java.util.concurrent.Executor;

/**
 * Finds out when a call began of which nothing is remembered, from those in it: the earliest of their joins. Where the
 * upstream never tells joins, the call is taken note of as found now, its start unknown. Once for all who want to know.
 * Thread-safe; never blocks.
 */
public final class StartTimeRecovery {
    /** Of how many users the upstream is asked; a 1-to-1 call has two. */
    static final int MAX_USERS = 20;

    /** By how much the upstream's clock may differ from ours before its times are translated. */
    static final Duration SKEW = Duration.ofSeconds(5);

    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final CallRegistry calls;
    private final SteadyClock clock;
    private final CallEvents log;
    private final Executor registryThreads;
    private final ConcurrentHashMap<ChannelId, CompletableFuture<Call>> running = new ConcurrentHashMap<>();

    /**
     * Builds the only way to recovery.
     *
     * @param log is told of what was found
     * @param registryThreads runs what asks the registry, which may block
     */
    public StartTimeRecovery(
            RtcClient rtc,
            UpstreamDispatcher upstream,
            CallRegistry calls,
            SteadyClock clock,
            CallEvents log,
            Executor registryThreads) {
        this.rtc = rtc;
        this.upstream = upstream;
        this.calls = calls;
        this.clock = clock;
        this.log = log;
        this.registryThreads = registryThreads;
    }

    /**
     * Returns the call in a channel where people were just seen; fails with an {@link RtcException}. To be called on a
     * thread of the registry.
     */
    CompletableFuture<Call> call(ChannelId channel, ChannelUsers users) {
        var mine = new CompletableFuture<Call>();
        var other = running.putIfAbsent(channel, mine);
        if (other != null) {
            return other;
        }
        // Who comes just after another's question was answered finds its answer here, and asks nothing again.
        var known = calls.findIfPossible(channel).filter(call -> call.stage() != Call.Stage.PROVISIONAL);
        if (known.isPresent()) {
            running.remove(channel);
            mine.complete(known.get());
            return mine;
        }
        if (!rtc.tellsJoinTimes()) {
            running.remove(channel);
            mine.complete(calls.startLearned(channel, Optional.empty(), users));
            log.foundUntold(channel);
            return mine;
        }
        var unused = earliestJoin(channel, List.copyOf(users.everyone()))
                .thenApplyAsync(join -> calls.startLearned(channel, Optional.of(join), users), registryThreads)
                .whenComplete((call, failure) -> {
                    running.remove(channel);
                    if (failure == null) {
                        log.recovered(channel, clock.toWall(call.startedAt()));
                        mine.complete(call);
                    } else {
                        mine.completeExceptionally(failure);
                    }
                });
        return mine;
    }

    private CompletableFuture<Instant> earliestJoin(ChannelId channel, List<String> users) {
        var joinTimes = users.stream()
                .limit(MAX_USERS)
                .map(user -> upstream.submit(Priority.INTERACTIVE, () -> rtc.joinTime(channel, user))
                        .answer())
                .toList();
        return CompletableFuture.allOf(joinTimes.toArray(CompletableFuture[]::new))
                .thenCompose(all -> joinTimes.stream()
                        .map(CompletableFuture::join)
                        .flatMap(Optional::stream)
                        .map(this::joinedAt)
                        .min(Comparator.naturalOrder())
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> CompletableFuture.failedFuture(
                                new RtcException(Kind.MALFORMED, "nobody of those in the channel says since when"))));
    }

    /** Returns when a user joined, by the steady clock and never in the future. */
    private Instant joinedAt(JoinTime joinTime) {
        var now = clock.instant();
        var skew = Duration.between(clock.toWall(now), joinTime.answeredAt());
        var joined = clock.fromWall(
                skew.abs().compareTo(SKEW) > 0 ? joinTime.joinedAt().minus(skew) : joinTime.joinedAt());
        return joined.isAfter(now) ? now : joined;
    }
}
