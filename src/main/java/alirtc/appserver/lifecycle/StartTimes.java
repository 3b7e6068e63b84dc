package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call;
import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.StartTime;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Says when the call in a channel began, and finds it out: a token never waits for that, a question for the start time
 * does. Thread-safe; never blocks.
 */
public final class StartTimes {
    /** How many times a question may find that something new has to be asked before it is given up. */
    private static final int ROUNDS = 4;

    private final CallRegistry calls;
    private final ChannelPresence presence;
    private final StartTimeRecovery recovery;
    private final Optional<Duration> limit;
    private final SteadyClock clock;
    private final ScheduledExecutorService scheduler;
    private final Executor registryThreads;

    /**
     * Builds the only way to ask for start times.
     *
     * @param limit how long a call may last, if there is a limit
     * @param scheduler ends waiting; not closed here
     * @param registryThreads runs what asks the registry, which may block
     */
    public StartTimes(
            CallRegistry calls,
            ChannelPresence presence,
            StartTimeRecovery recovery,
            Optional<Duration> limit,
            SteadyClock clock,
            ScheduledExecutorService scheduler,
            Executor registryThreads) {
        this.calls = calls;
        this.presence = presence;
        this.recovery = recovery;
        this.limit = limit;
        this.clock = clock;
        this.scheduler = scheduler;
        this.registryThreads = registryThreads;
    }

    /** Has it found out whether anybody is in the channel of a token that was taken note of; returns at once. */
    public void check(ChannelId channel, Instant tokenAt) {
        // Whoever asked the question under way sees to it that its answer is followed up.
        if (!presence.joins(channel, tokenAt)) {
            var unused = settle(channel, Priority.CHECK, Optional.of(tokenAt));
        }
    }

    /** Has it found out whether somebody has left a channel, for those who were turned away; returns at once. */
    void observeForRoom(ChannelId channel) {
        var unused = settle(channel, Priority.CHECK, Optional.empty());
    }

    /**
     * Returns when the call in a channel began, if there is one and its start is to be known.
     *
     * @return the answer, or an {@link RtcException} or {@link RegistryException} if it cannot be had now, within
     *     {@link UpstreamDispatcher#MAX_WAIT}
     */
    public CompletableFuture<Optional<StartTime>> find(ChannelId channel) {
        var answer = new CompletableFuture<Optional<StartTime>>();
        try {
            registryThreads.execute(() -> find(channel, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new RegistryException("more questions wait for the registry than it takes"));
        }
        return answer;
    }

    private void find(ChannelId channel, CompletableFuture<Optional<StartTime>> answer) {
        var finding = find(channel, ROUNDS);
        if (!finding.isDone()) {
            var timer = scheduler.schedule(
                    () -> answer.completeExceptionally(
                            new RtcException(Kind.TIMEOUT, "the start time is not known in time")),
                    UpstreamDispatcher.MAX_WAIT.toMillis(),
                    TimeUnit.MILLISECONDS);
            var unused = answer.whenComplete((found, failure) -> timer.cancel(false));
        }
        var unused = finding.whenComplete((found, failure) -> {
            if (failure == null) {
                answer.complete(found);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    private CompletableFuture<Optional<StartTime>> find(ChannelId channel, int rounds) {
        Optional<Call> known;
        try {
            known = calls.find(channel);
        } catch (RegistryException e) {
            return ask(channel, CompletableFuture.failedFuture(e));
        }
        if (known.isEmpty()) {
            return ask(channel, CompletableFuture.completedFuture(Optional.empty()));
        }
        var call = known.get();
        if (isSettled(call)) {
            return CompletableFuture.completedFuture(toStartTime(call));
        }
        if (rounds == 0) {
            return CompletableFuture.failedFuture(new RtcException(Kind.UNAVAILABLE, "the start time keeps changing"));
        }
        if (call.mayBeSuperseded()) {
            return at(call.nextPollAt())
                    .thenCompose(now -> settle(channel, Priority.INTERACTIVE, Optional.empty()))
                    .thenComposeAsync(done -> find(channel, rounds - 1), registryThreads);
        }
        if (call.stage() != Stage.PROVISIONAL) {
            // The check of a token is under way: it may find that another call begins.
            return presence.hurried(channel)
                    .map(check -> check.thenApply(users -> true).exceptionally(failure -> false))
                    .orElseGet(() -> CompletableFuture.completedFuture(true))
                    .thenComposeAsync(done -> find(channel, rounds - 1), registryThreads);
        }
        var settled = settle(channel, Priority.INTERACTIVE, Optional.of(call.lastTokenAt()))
                .thenApply(done -> true)
                .exceptionally(failure -> false);
        // Its token's time stands in for a start that nobody can tell.
        return settled.thenComposeAsync(
                told -> told
                        ? find(channel, rounds - 1)
                        : CompletableFuture.completedFuture(
                                toStartTime(calls.findIfPossible(channel).orElse(call))),
                registryThreads);
    }

    /** Asks those in a channel of which nothing is known. */
    private CompletableFuture<Optional<StartTime>> ask(
            ChannelId channel, CompletableFuture<Optional<StartTime>> ifNobodyIsThere) {
        return presence.users(channel)
                .thenComposeAsync(
                        users -> users.isEmpty()
                                ? ifNobodyIsThere
                                : recovery.call(channel, users).thenApply(this::toStartTime),
                        registryThreads);
    }

    /** Looks at a channel and, if its call was there before we knew of it, asks those in it since when. */
    CompletableFuture<?> settle(ChannelId channel, Priority priority, Optional<Instant> tokenAt) {
        return presence.look(channel, priority, tokenAt)
                .thenComposeAsync(
                        users -> {
                            var call = calls.find(channel);
                            return call.isPresent() && call.get().stage() == Stage.PROVISIONAL && !users.isEmpty()
                                    ? recovery.call(channel, users)
                                    : CompletableFuture.completedFuture(null);
                        },
                        registryThreads);
    }

    /** Returns whether nothing that is being asked, or has to be asked, can change the start. */
    private boolean isSettled(Call call) {
        return call.stage() != Stage.PROVISIONAL
                && !call.mayBeSuperseded()
                && !(call.hasTokenSinceLook() && presence.isAsking(call.channel()));
    }

    private Optional<StartTime> toStartTime(Call call) {
        return call.stage() == Stage.ENDED || call.stage() == Stage.START_UNKNOWN
                ? Optional.empty()
                : Optional.of(new StartTime(
                        clock.toWall(call.startedAt()),
                        limit.map(longest -> clock.toWall(call.startedAt().plus(longest))),
                        clock.toWall(clock.instant())));
    }

    private CompletableFuture<Void> at(Instant time) {
        var reached = new CompletableFuture<Void>();
        var wait = Duration.between(clock.instant(), time);
        var unused = scheduler.schedule(() -> reached.complete(null), wait.toNanos(), TimeUnit.NANOSECONDS);
        return reached;
    }
}
