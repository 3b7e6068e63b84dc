package alirtc.appserver.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * All that a phone's RTC SDK needs to join one channel as one user.
 *
 * @param appId the application that the channel belongs to
 * @param channel the channel that the token admits to
 * @param user the user that the token admits
 * @param nonce the random text that the token covers
 * @param expiresAt when the token ends; whole seconds
 * @param token 64 lower-case hexadecimal digits; admits whoever shows it, so it goes to the asking phone alone
 * @param gslb where the SDK finds the media servers
 */
public record JoinTicket(
        String appId,
        ChannelId channel,
        UserId user,
        String nonce,
        Instant expiresAt,
        String token,
        List<String> gslb) {

    /** Copies the addresses in. */
    public JoinTicket {
        gslb = List.copyOf(gslb);
    }

    /**
     * Returns all of it but the addresses in one text, with which the vendor's newer SDKs join too: JSON in Base64. As
     * secret as the token.
     *
     * @see <a href="https://www.alibabacloud.com/help/en/live/token-based-authentication">the vendor's description</a>
     */
    public String joinToken() {
        // Put together by hand, for this is done with every token: no value can hold a sign that JSON would escape.
        var json = "{\"appid\":\"" + appId + "\",\"channelid\":\"" + channel.value() + "\",\"userid\":\"" + user.value()
                + "\",\"nonce\":\"" + nonce + "\",\"timestamp\":" + expiresAt.getEpochSecond() + ",\"token\":\"" + token
                + "\"}";
        return Base64.getEncoder().encodeToString(json.getBytes(ISO_8859_1));
    }

    /** Returns the user and channel alone: a ticket in a log would admit its reader. */
    @Override
    public String toString() {
        return "JoinTicket[" + user.value() + " to " + channel.value() + "]";
    }
}
