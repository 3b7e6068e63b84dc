package alirtc.appserver.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.config.TokenConfig;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Issues tokens, each for a user drawn anew or for one who is known. Thread-safe; never waits for anything.
 *
 * @see <a href="https://www.alibabacloud.com/help/en/ims/user-guide/generate-artc-authentication-token">the vendor's
 *     rule for tokens</a>
 */
public final class TokenIssuer {
    /** With a time limit no token outlives its call by more than this. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private static final HexFormat HEX = HexFormat.of();

    /** Kept for each thread: to look one up takes longer than to use it. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(TokenIssuer::sha256);

    private final String appId;
    private final byte[] appIdAndKey;
    private final List<String> gslb;
    private final Duration ttl;
    private final InstantSource clock;
    private final SecureDraw draw;

    /**
     * Builds an issuer that signs with the configured AppKey.
     *
     * @param timeLimit how long a call may last, if there is a limit
     * @param clock the machine's clock, which tokens are dated by
     */
    public TokenIssuer(TokenConfig config, Optional<Duration> timeLimit, InstantSource clock, SecureRandom random) {
        this.appId = config.appId();
        this.appIdAndKey = (config.appId() + config.appKey().value()).getBytes(UTF_8);
        this.gslb = config.gslb();
        this.ttl = timeLimit.map(limit -> lesser(config.ttl(), limit)).orElse(config.ttl());
        this.clock = clock;
        this.draw = new SecureDraw(random);
    }

    private static Duration lesser(Duration ttl, Duration limit) {
        var longest = limit.plus(GRACE);
        return longest.compareTo(ttl) < 0 ? longest : ttl;
    }

    /** Returns how long a token admits its user at most: the configured time, or the time limit and a minute if that is less. */
    public Duration ttl() {
        return ttl;
    }

    /** Issues a ticket to join the channel as a user drawn anew. */
    public JoinTicket issue(ChannelId channel) {
        return issue(channel, draw.userId(), Optional.empty());
    }

    /**
     * Issues a ticket to join the channel as that user; whoever joined as the same before is out then.
     *
     * @param callLimit how long it lets its call last, if not as long as the operator does; the token admits its user for a
     *     minute longer at most
     */
    public JoinTicket issue(ChannelId channel, UserId user, Optional<Duration> callLimit) {
        var nonce = draw.nonce();
        var lifetime = callLimit.map(limit -> lesser(ttl, limit)).orElse(ttl);
        var expiresAt = clock.instant().plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
        return new JoinTicket(appId, channel, user, nonce, expiresAt, token(channel, user, nonce, expiresAt), gslb);
    }

    /** Returns the lower-case hexadecimal SHA-256 of what the token covers, in UTF-8. */
    String token(ChannelId channel, UserId user, String nonce, Instant expiresAt) {
        var sha256 = SHA_256.get();
        sha256.update(appIdAndKey);
        var rest = channel.value() + user.value() + nonce + expiresAt.getEpochSecond();
        return HEX.formatHex(sha256.digest(rest.getBytes(UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
