package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Decides who may have a token: everybody, or as many users of a channel as there are seats. Never waits for the
 * upstream. Thread-safe; never blocks.
 */
public final class TokenAdmission {
    /** How long a token waits for its seat: a phone has a few seconds, and other questions after this one. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final CompletableFuture<TokenDecision> GRANTED =
            CompletableFuture.completedFuture(TokenDecision.GRANTED);

    private final CallRegistry calls;
    private final StartTimes startTimes;
    private final Optional<SeatPolicy> seats;
    private final InstantSource clock;
    private final Optional<SharedRegistry> shared;

    /**
     * How to ask a registry that may block and fail.
     *
     * @param threads runs what asks it
     * @param scheduler ends waiting
     * @param tokenWrites takes note of tokens that need no seat
     * @param whenAway what becomes of tokens that need one while it cannot be asked
     */
    private record SharedRegistry(
            Executor threads,
            ScheduledExecutorService scheduler,
            TokenWriteBuffer tokenWrites,
            TokenDecision whenAway) {}

    private TokenAdmission(
            CallRegistry calls,
            StartTimes startTimes,
            Optional<SeatPolicy> seats,
            InstantSource clock,
            Optional<SharedRegistry> shared) {
        this.calls = calls;
        this.startTimes = startTimes;
        this.seats = seats;
        this.clock = clock;
        this.shared = shared;
    }

    /**
     * Returns the only way in, by a registry in memory.
     *
     * @param seats how many may sit in a channel, if they are counted
     * @param clock a clock that never steps
     */
    public static TokenAdmission direct(
            CallRegistry calls, StartTimes startTimes, Optional<SeatPolicy> seats, InstantSource clock) {
        return new TokenAdmission(calls, startTimes, seats, clock, Optional.empty());
    }

    /**
     * Returns the only way in, by a registry that may block and fail.
     *
     * @param seats how many may sit in a channel, if they are counted
     * @param clock the registry's clock
     * @param threads runs what asks the registry; not closed here
     * @param scheduler ends waiting; not closed here
     * @param seatless whether tokens go on without seats while the registry cannot be asked
     */
    public static TokenAdmission shared(
            CallRegistry calls,
            StartTimes startTimes,
            Optional<SeatPolicy> seats,
            InstantSource clock,
            Executor threads,
            ScheduledExecutorService scheduler,
            boolean seatless) {
        var tokenWrites = new TokenWriteBuffer(calls, startTimes, clock, threads, scheduler);
        var whenAway = seatless ? TokenDecision.GRANTED : TokenDecision.REGISTRY_AWAY;
        return new TokenAdmission(
                calls,
                startTimes,
                seats,
                clock,
                Optional.of(new SharedRegistry(threads, scheduler, tokenWrites, whenAway)));
    }

    /**
     * Takes note of a token for a user, unless every seat in the channel is taken by others; a user who has a seat keeps
     * it. The answer is there at once, but for a seat in a registry that may block.
     */
    public CompletableFuture<TokenDecision> admit(ChannelId channel, UserId user) {
        var now = clock.instant();
        if (shared.isEmpty()) {
            return CompletableFuture.completedFuture(take(channel, user, now));
        }
        var registry = shared.get();
        if (seats.isEmpty()) {
            registry.tokenWrites.add(channel, user, now);
            return GRANTED;
        }
        return takeLater(registry, channel, user, now);
    }

    private CompletableFuture<TokenDecision> takeLater(
            SharedRegistry registry, ChannelId channel, UserId user, Instant now) {
        var answer = new CompletableFuture<TokenDecision>();
        try {
            registry.threads.execute(() -> {
                try {
                    // Nobody waits any more for what could not be begun in time.
                    if (!answer.isDone()) {
                        answer.complete(take(channel, user, now));
                    }
                } catch (RegistryException e) {
                    answer.complete(registry.whenAway);
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.complete(registry.whenAway);
            return answer;
        }
        var timer = registry.scheduler.schedule(
                () -> answer.complete(registry.whenAway), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        var unused = answer.whenComplete((admission, failure) -> timer.cancel(false));
        return answer;
    }

    private TokenDecision take(ChannelId channel, UserId user, Instant now) {
        var call = calls.tokenIssued(channel, user, now);
        if (seats.isPresent()) {
            var refusal = refusal(call, user, now, seats.get());
            if (refusal.isPresent()) {
                return refusal.get();
            }
        }
        if (call.isPresent()) {
            startTimes.check(channel, now);
        }
        return TokenDecision.GRANTED;
    }

    private Optional<TokenDecision> refusal(Optional<Call> known, UserId user, Instant now, SeatPolicy rules) {
        if (known.isEmpty()) {
            return Optional.of(TokenDecision.REGISTRY_FULL);
        }
        var call = known.get();
        if (call.seats().holds(user.value())) {
            return Optional.empty();
        }
        if (!call.nextPollAt().isAfter(now)) {
            startTimes.observeForRoom(call.channel());
        }
        var wait = Duration.between(now, call.seats().freeAt(now, rules));
        return Optional.of(TokenDecision.channelFull(wait));
    }
}
