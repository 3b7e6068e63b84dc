package alirtc.appserver.auth;

import alirtc.appserver.config.JwtConfig;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the claims of a JWT: {@code exp} and {@code sub} are required, {@code iss} and {@code aud} where the
 * configuration names them, and times are compared with the machine's clock. Thread-safe.
 */
final class ClaimsVerifier extends DefaultJWTClaimsVerifier<SecurityContext> {
    private static final int MAX_CLOCK_SKEW_SECONDS = 30;

    private final InstantSource wall;

    ClaimsVerifier(JwtConfig config, InstantSource wall) {
        super(
                config.audience().map(Set::of).orElse(null),
                config.issuer()
                        .map(issuer -> new JWTClaimsSet.Builder().issuer(issuer).build())
                        .orElse(null),
                Set.of("exp", "sub"),
                null);
        this.wall = wall;
        setMaxClockSkew(MAX_CLOCK_SKEW_SECONDS);
    }

    @Override
    public void verify(JWTClaimsSet claims, @Nullable SecurityContext context) throws BadJWTException {
        super.verify(claims, context);
        // The library accepts a null as a claim, and a JWT without a time of expiry as one that has not expired.
        if (claims.getExpirationTime() == null) {
            throw new BadJWTException("exp is null");
        }
    }

    @Override
    protected Date currentTime() {
        return Date.from(wall.instant());
    }
}
