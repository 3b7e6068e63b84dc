package alirtc.appserver.auth;

import alirtc.appserver.config.AccessConfig;
import alirtc.appserver.time.SteadyClock;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers in: those who proved who they are, as often as the limit allows. Thread-safe; holds no thread while it
 * waits for keys.
 *
 * <p>A caller who proved a name is counted by it, others by their addresses. Where there is a limit it holds for bad
 * proofs too: an address that sent as many in a minute is refused before its next one is looked at.
 */
public final class AccessControl implements AutoCloseable {
    private final Optional<Authenticator> authenticator;
    private final Optional<RateLimiter> limit;
    private final ClientAddressResolver addresses;

    private AccessControl(
            Optional<Authenticator> authenticator, Optional<RateLimiter> limit, ClientAddressResolver addresses) {
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
    public static Optional<AccessControl> of(
            AccessConfig access,
            InstantSource wall,
            SteadyClock clock,
            ExecutorService workers,
            ScheduledExecutorService scheduler) {
        if (access.jwt().isEmpty() && access.perMinute().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AccessControl(
                access.jwt().map(rules -> Authenticator.of(rules, wall, clock, workers, scheduler)),
                access.perMinute().map(perMinute -> new RateLimiter(perMinute, clock)),
                new ClientAddressResolver(access.trustedProxies())));
    }

    /** Returns who asks, now or once the keys are there to tell; fails with a {@link AccessException}. */
    public CompletableFuture<Caller> admit(RequestAttributes attributes) {
        if (authenticator.isEmpty()) {
            return admitAnybody(attributes);
        }
        if (limit.isEmpty()) {
            return authenticator.get().authenticate(attributes.authorization());
        }
        var address = "bad proofs of " + client(attributes);
        limit.get().requireLeft(address);
        return authenticator
                .get()
                .authenticate(attributes.authorization())
                .whenComplete((caller, failure) -> count(address, caller, failure, limit.get()));
    }

    /**
     * Lets in whoever asks, if not too often.
     *
     * @throws AccessException if it is too often
     */
    public CompletableFuture<Caller> admitAnybody(RequestAttributes attributes) {
        limit.ifPresent(most -> most.take("address " + client(attributes)));
        return CompletableFuture.completedFuture(Caller.ANYBODY);
    }

    /** Stops fetching keys. */
    @Override
    public void close() {
        authenticator.ifPresent(Authenticator::close);
    }

    private String client(RequestAttributes attributes) {
        return addresses.client(attributes.connection(), attributes.forwardedFor());
    }

    private static void count(String address, @Nullable Caller caller, @Nullable Throwable failure, RateLimiter limit) {
        if (caller != null) {
            caller.user().ifPresent(user -> limit.take("user " + user.value()));
        } else if (isInvalid(failure)) {
            limit.count(address);
        }
    }

    private static boolean isInvalid(@Nullable Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof AccessException rejection
                && switch (rejection.kind()) {
                    case NO_CREDENTIALS, SEVERAL_CREDENTIALS, INVALID_CREDENTIALS -> true;
                    case FORBIDDEN, RATE_LIMITED, KEYS_UNAVAILABLE -> false;
                };
    }
}
