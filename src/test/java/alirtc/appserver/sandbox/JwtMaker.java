package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes JWTs in place of a login, for a server that checks them by a shared secret. Whoever reaches the sandbox can have
 * one made.
 */
public final class JwtMaker {
    private static final Duration LIFE = Duration.ofHours(1);

    private final String secret;
    private final Function<String, Optional<String>> settings;
    private final InstantSource clock;

    /**
     * Builds a maker.
     *
     * @param secret the shared one
     * @param settings returns the setting of a name, if it is given
     */
    public JwtMaker(String secret, Function<String, Optional<String>> settings, InstantSource clock) {
        this.secret = secret;
        this.settings = settings;
        this.clock = clock;
    }

    /** Returns a JWT by which its bearer is the given user for an hour. */
    String make(String user) {
        var claims = new JWTClaimsSet.Builder()
                .subject(user)
                .expirationTime(Date.from(clock.instant().plus(LIFE)));
        settings.apply("auth.jwt.issuer").ifPresent(claims::issuer);
        settings.apply("auth.jwt.audience").ifPresent(claims::audience);
        try {
            var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
            jwt.sign(new MACSigner(secret.getBytes(UTF_8)));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalArgumentException("auth.jwt.secret is no key that JWTs can be signed with", e);
        }
    }
}
