package alirtc.appserver.auth;

import alirtc.appserver.config.Access;
import alirtc.appserver.time.SteadyClock;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers in: those who proved who they are, as often as the limit allows. Thread-safe; holds no thread while it
 * waits for keys.
 *
 * <p>A caller who proved a name is counted by it, others by their addresses. Where there is a limit it holds for bad
 * proofs too: an address that sent as many in a minute is refused before its next one is looked at.
 */
public final class Admission implements AutoCloseable {
    private final Optional<Authenticator> authenticator;
    private final Optional<RateLimit> limit;
    private final ClientAddresses addresses;

    private Admission(Optional<Authenticator> authenticator, Optional<RateLimit> limit, ClientAddresses addresses) {
        this.authenticator = authenticator;
        this.limit = limit;
        this.addresses = addresses;
    }

    /**
     * Returns an admission by the operator's rules; none if anybody may ask as often as they like.
     *
     * @param wall the machine's clock, by which JWTs are dated
     * @param clock a clock that never steps
     * @param workers fetch keys
     * @param scheduler says when; not closed here
     */
    public static Optional<Admission> of(
            Access access,
            InstantSource wall,
            SteadyClock clock,
            Executor workers,
            ScheduledExecutorService scheduler) {
        if (access.jwt().isEmpty() && access.perMinute().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Admission(
                access.jwt().map(rules -> Authenticator.of(rules, wall, clock, workers, scheduler)),
                access.perMinute().map(perMinute -> new RateLimit(perMinute, clock)),
                new ClientAddresses(access.trustedProxies())));
    }

    /** Returns who asks, now or once the keys are there to tell; fails with a {@link Refusal}. */
    public CompletableFuture<Caller> admit(Approach approach) {
        if (authenticator.isEmpty()) {
            return admitAnybody(approach);
        }
        if (limit.isEmpty()) {
            return authenticator.get().authenticate(approach.authorization());
        }
        var address = "bad proofs of " + client(approach);
        limit.get().requireLeft(address);
        return authenticator
                .get()
                .authenticate(approach.authorization())
                .whenComplete((caller, failure) -> count(address, caller, failure, limit.get()));
    }

    /**
     * Lets in whoever asks, if not too often.
     *
     * @throws Refusal if it is too often
     */
    public CompletableFuture<Caller> admitAnybody(Approach approach) {
        limit.ifPresent(most -> most.take("address " + client(approach)));
        return CompletableFuture.completedFuture(Caller.ANYBODY);
    }

    /** Stops fetching keys. */
    @Override
    public void close() {
        authenticator.ifPresent(Authenticator::close);
    }

    private String client(Approach approach) {
        return addresses.client(approach.connection(), approach.forwardedFor());
    }

    private static void count(String address, @Nullable Caller caller, @Nullable Throwable failure, RateLimit limit) {
        if (caller != null) {
            caller.user().ifPresent(user -> limit.take("user " + user.value()));
        } else if (isBadProof(failure)) {
            limit.count(address);
        }
    }

    private static boolean isBadProof(@Nullable Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof Refusal refusal
                && switch (refusal.kind()) {
                    case NO_PROOF, TOO_MANY_PROOFS, BAD_PROOF -> true;
                    case NOT_ALLOWED, TOO_OFTEN, CANNOT_CHECK -> false;
                };
    }
}
