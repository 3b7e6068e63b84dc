package alirtc.appserver.lifecycle;

import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.LoggerFactory;

/**
 * Decides who may have a token: everybody, or as many users of a channel as there are seats. Never waits for the cloud.
 * Thread-safe; never blocks.
 */
public final class TokenAdmission {
    /** How long a token waits for its seat: a phone has a few seconds, and other requests after this one. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);

    private static final CompletableFuture<TokenDecision> GRANTED =
            CompletableFuture.completedFuture(TokenDecision.GRANTED);

    private static final FailureReport FAILURES = new FailureReport(LoggerFactory.getLogger(TokenAdmission.class));

    private final CallRegistry calls;
    private final ChannelObserver observer;
    private final SeatPolicy seats;
    private final boolean seatless;
    private final boolean barring;
    private final Metrics metrics;
    private final Timers timers;

    /**
     * Builds the only way to a token.
     *
     * @param seats how many may sit in a channel
     * @param seatless whether tokens go on without seats while the registry cannot be asked
     * @param barring whether the operator may bar users, so that the registry has to be waited for
     * @param metrics count rejected tokens
     */
    public TokenAdmission(
            CallRegistry calls,
            ChannelObserver observer,
            SeatPolicy seats,
            boolean seatless,
            boolean barring,
            Metrics metrics,
            Timers timers) {
        this.calls = calls;
        this.observer = observer;
        this.seats = seats;
        this.seatless = seatless;
        this.barring = barring;
        this.metrics = metrics;
        this.timers = timers;
    }

    /**
     * Records a token for a user, unless every seat in the channel is taken by others; a user who has a seat keeps it.
     *
     * @param limit how long the token lets its call last, if not as long as the operator does
     * @return the decision, at once but for a seat in a registry that may have to be waited for; a
     *     {@link RegistryException} if that cannot be asked
     */
    CompletableFuture<TokenDecision> admit(ChannelId channel, UserId user, Optional<Duration> limit) {
        var now = calls.clock().instant();
        var ticket = new Ticket(user.value(), now, limit.orElse(null));
        var recorded = calls.tokenIssued(channel, ticket);
        if (!seats.isLimited()) {
            // A token that could not be recorded is valid all the same; the registry warns of it.
            var unused = recorded.thenAccept(state -> state.ifPresent(this::checkIfUndecided))
                    .whenComplete((checked, failure) ->
                            FAILURES.report("A token for {} is not checked", channel.value(), failure));
            return barring ? unlessBarred(channel, user, now, recorded) : GRANTED;
        }
        var decided = recorded.thenApply(state -> decide(state, user, now));
        timers.timeout(decided, MAX_WAIT, () -> new RegistryException("no seat was found in time"));
        return decided.exceptionallyCompose(failure -> {
            if (seatless && RegistryException.causes(failure)) {
                // Whatever call begins with it must not be taken for the one before.
                var unused = calls.tokenWithoutSeat(channel, ticket);
                return GRANTED;
            }
            // A seat that is found too late is nobody's; the registry sees to one that may have been taken.
            var unused = recorded.thenCompose(late -> calls.tokenWithdrawn(channel, user, now));
            return CompletableFuture.failedFuture(failure);
        });
    }

    /**
     * Returns whether a token that needs no seat may be handed out. While the registry cannot be asked, the latest that is
     * known here counts: it costs no token.
     */
    private CompletableFuture<TokenDecision> unlessBarred(
            ChannelId channel, UserId user, Instant now, CompletableFuture<Optional<ChannelState>> recorded) {
        var known = recorded.copy();
        timers.timeout(known, MAX_WAIT, () -> new RegistryException("no bar was looked for in time"));
        return known.exceptionallyCompose(failure -> latestKnown(channel))
                .thenApply(state -> isBarred(state, user, now) ? TokenDecision.BARRED : TokenDecision.GRANTED);
    }

    private CompletableFuture<Optional<ChannelState>> latestKnown(ChannelId channel) {
        var latest = calls.findIfPossible(channel).copy();
        timers.timeout(latest, MAX_WAIT, () -> new RegistryException("no bar was found in time"));
        return latest.exceptionally(failure -> Optional.empty());
    }

    private static boolean isBarred(Optional<ChannelState> state, UserId user, Instant now) {
        return state.filter(known -> known.bars().bars(user.value(), now)).isPresent();
    }

    private TokenDecision decide(Optional<ChannelState> known, UserId user, Instant now) {
        if (known.isEmpty()) {
            return TokenDecision.REGISTRY_FULL;
        }
        var state = known.get();
        if (isBarred(known, user, now)) {
            return TokenDecision.BARRED;
        }
        if (state.seats().holds(user.value())) {
            checkIfUndecided(state);
            return TokenDecision.GRANTED;
        }
        if (!state.call().schedule().nextPollAt().isAfter(now)) {
            observer.check(state.channel());
        }
        metrics.seatRejected();
        return TokenDecision.channelFull(Duration.between(now, state.seats().freeAt(now, seats)));
    }

    /** Has a channel looked up, unless it is known already whether it was empty at the token. */
    private void checkIfUndecided(ChannelState state) {
        if (state.call().hasUndecidedToken()) {
            observer.check(state.channel());
        }
    }
}
