package alirtc.appserver.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

    private static final ObjectWriter JOIN_TOKEN = JsonMapper.builder().build().writerFor(JoinToken.class);

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
        var fields = new JoinToken(appId, channel.value(), user.value(), nonce, expiresAt.getEpochSecond(), token);
        try {
            return Base64.getEncoder().encodeToString(JOIN_TOKEN.writeValueAsBytes(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A ticket cannot be written", e);
        }
    }

    /** Returns the user and channel alone: a ticket in a log would admit its reader. */
    @Override
    public String toString() {
        return "JoinTicket[" + user.value() + " to " + channel.value() + "]";
    }

    /** The fields with the vendor's names, in the vendor's order; {@code timestamp} in seconds since 1970. */
    private record JoinToken(
            String appid, String channelid, String userid, String nonce, long timestamp, String token) {

        /** Returns the name of the type alone: the rest would admit its reader. */
        @Override
        public String toString() {
            return "JoinToken";
        }
    }
}
