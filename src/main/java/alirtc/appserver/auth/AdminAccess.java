package alirtc.appserver.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.auth.AccessException.Kind;
import alirtc.appserver.config.Network;
import alirtc.appserver.config.Secret;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;

/**
 * Admits the operator's backend, which knows a secret. An address that has sent {@value #MAX_FAILURES} wrong ones within a
 * minute is rejected before its next one is looked at. Thread-safe.
 */
public final class AdminAccess {
    /** So few that nobody finds a secret of 16 characters, so many that a typo shuts nobody out. */
    static final int MAX_FAILURES = 10;

    private final byte[] secret;
    private final ClientAddressResolver addresses;
    private final RateLimiter failures;

    /**
     * Builds a rule.
     *
     * @param secret what has to be known
     * @param trustedProxies the proxies whose {@code X-Forwarded-For} is believed
     * @param clock a clock that never steps
     */
    public AdminAccess(Secret secret, List<Network> trustedProxies, InstantSource clock) {
        this.secret = secret.value().getBytes(UTF_8);
        this.addresses = new ClientAddressResolver(trustedProxies);
        this.failures = new RateLimiter(MAX_FAILURES, clock);
    }

    /**
     * Returns the address of the client that sent a request.
     *
     * @throws AccessException unless the request proves to know the secret
     */
    public String admit(RequestAttributes attributes) {
        var client = addresses.client(attributes.connection(), attributes.forwardedFor());
        failures.requireLeft(client);
        try {
            check(BearerCredentials.of(attributes.authorization(), "the admin secret"));
        } catch (AccessException e) {
            failures.count(client);
            throw e;
        }
        return client;
    }

    /** Compares in a time that does not tell how much of the secret is right. */
    private void check(String credentials) {
        if (!MessageDigest.isEqual(secret, credentials.getBytes(UTF_8))) {
            throw new AccessException(Kind.INVALID_CREDENTIALS, "The secret is not accepted");
        }
    }
}
