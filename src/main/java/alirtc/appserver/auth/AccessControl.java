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
 * Admits requests whose credentials are accepted, up to the rate limit. Thread-safe. Holds no thread while it waits for
 * keys.
 *
 * <p>Callers with credentials are counted by user, all others by address. The rate limit applies to rejected credentials
 * too: an address that has used up its limit with them is rejected before the next ones are verified.
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
     * Returns the access control that the configuration asks for; empty if it asks for neither credentials nor a limit.
     *
     * @param wall the machine's clock, by which JWTs are dated
     * @param clock a clock that never steps
     * @param workers read keys; not closed here
     * @param scheduler times the reads; not closed here
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
                access.jwt().map(jwt -> Authenticator.of(jwt, wall, clock, workers, scheduler)),
                access.perMinute().map(perMinute -> new RateLimiter(perMinute, clock)),
                new ClientAddressResolver(access.trustedProxies())));
    }

    /**
     * Returns the caller: at once, or when the key of the credentials has been read. Fails with an {@link AccessException}
     * if the request is rejected.
     */
    public CompletableFuture<Caller> admit(RequestAttributes attributes) {
        if (authenticator.isEmpty()) {
            return admitAnybody(attributes);
        }
        if (limit.isEmpty()) {
            return authenticator.get().authenticate(attributes.authorization());
        }
        var address = "rejected credentials of " + client(attributes);
        limit.get().requireLeft(address);
        return authenticator
                .get()
                .authenticate(attributes.authorization())
                .whenComplete((caller, failure) -> count(address, caller, failure, limit.get()));
    }

    /**
     * Admits a request without credentials, up to the rate limit.
     *
     * @throws AccessException if the request exceeds the limit
     */
    public CompletableFuture<Caller> admitAnybody(RequestAttributes attributes) {
        limit.ifPresent(rate -> rate.take("address " + client(attributes)));
        return CompletableFuture.completedFuture(Caller.ANYBODY);
    }

    /** Stops reading keys. */
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
