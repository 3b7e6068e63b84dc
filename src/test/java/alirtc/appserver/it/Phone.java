package alirtc.appserver.it;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A phone that speaks to the server as a published app does. */
interface Phone {
    /** What the apps add to every request. */
    Map<String, String> HEADERS =
            Map.of("appName", "AliRTC", "appVersionCode", "1.0", "bundleId", "com.aliyun.rtc.voicecall");

    /** The app shows a message instead of a call. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * What the app hands to the RTC SDK.
     *
     * @param expires in seconds since the epoch
     */
    record Ticket(String appId, String userId, String gslb, String token, String nonce, int expires, String username) {}

    /**
     * A call as the app shows it.
     *
     * @param start when it began
     */
    record Call(String userId, Instant start) {}

    /** Asks for what is needed to join. */
    Ticket token(String channel) throws Refused;

    /** Asks how many are in the channel. */
    int present(String channel) throws Refused;

    /** Asks when the call began. */
    Instant startTime(String channel) throws Refused;

    /**
     * Makes a call in the order of the apps.
     *
     * @param sdk joins the channel as a user
     * @return nothing if two are there already
     */
    default Optional<Call> call(String channel, Consumer<String> sdk) throws Refused {
        var ticket = token(channel);
        if (present(channel) >= 2) {
            return Optional.empty();
        }
        sdk.accept(ticket.userId());
        return Optional.of(new Call(ticket.userId(), startTime(channel)));
    }
}
