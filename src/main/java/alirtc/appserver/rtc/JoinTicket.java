package alirtc.appserver.rtc;

import java.time.Instant;
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

    /** Returns the user and channel alone: a ticket in a log would admit its reader. */
    @Override
    public String toString() {
        return "JoinTicket[" + user.value() + " to " + channel.value() + "]";
    }
}
