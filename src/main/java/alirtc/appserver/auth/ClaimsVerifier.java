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

/** What a JWT has to claim, by the machine's clock: {@code exp} and {@code sub} always, the rest where it is set. */
final class ClaimsVerifier extends DefaultJWTClaimsVerifier<SecurityContext> {
    private static final int SKEW_SECONDS = 30;

    private final InstantSource wall;

    ClaimsVerifier(JwtConfig rules, InstantSource wall) {
        super(
                rules.audience().map(Set::of).orElse(null),
                rules.issuer()
                        .map(issuer -> new JWTClaimsSet.Builder().issuer(issuer).build())
                        .orElse(null),
                Set.of("exp", "sub"),
                null);
        this.wall = wall;
        setMaxClockSkew(SKEW_SECONDS);
    }

    @Override
    public void verify(JWTClaimsSet claims, @Nullable SecurityContext context) throws BadJWTException {
        super.verify(claims, context);
        // To the library a null is a claim, and a JWT with no time of expiry has not expired.
        if (claims.getExpirationTime() == null) {
            throw new BadJWTException("exp is null");
        }
    }

    @Override
    protected Date currentTime() {
        return Date.from(wall.instant());
    }
}
