package alirtc.appserver.config;

import java.net.URI;
import java.util.Optional;

/**
 * Which JWTs prove a caller.
 *
 * @param keys what they are signed with
 * @param issuer who must have issued them; anybody with the key, if empty
 * @param audience whom they must be meant for; anybody, if empty
 */
public record JwtConfig(Keys keys, Optional<String> issuer, Optional<String> audience) {

    /** What JWTs are signed with. */
    public sealed interface Keys {

        /**
         * A secret that their issuer and this server share.
         *
         * @param secret 32 to 256 printable ASCII characters, which are the key's bytes
         */
        record Shared(Secret secret) implements Keys {}

        /**
         * Keys of which their issuer publishes the public halves, as a JWKS.
         *
         * @param location a file; or {@code https}; or {@code http} on this machine
         */
        record Published(URI location) implements Keys {}
    }
}
