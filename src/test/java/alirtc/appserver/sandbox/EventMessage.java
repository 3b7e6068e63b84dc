package alirtc.appserver.sandbox;

import alirtc.appserver.config.Product;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.UUID;

/**
 * A message that tells a subscriber of one change.
 *
 * @param id 32 hexadecimal digits, unique
 * @param callbackUrl where it goes
 * @param upperCaseIds whether SubscribeId and ChannelId are spelled {@code SubscribeID} and {@code ChannelID}
 */
record EventMessage(
        String id, Account account, String subscription, URI callbackUrl, ChannelChange change, boolean upperCaseIds) {
    // Of these four the meaning is not known; they are as the cloud's own example has them.
    private static final long US = 5_068_748_604_047_364L;
    private static final int REASON = 1;
    private static final int TERMINAL_TYPE = 6;
    private static final int USER_TYPE = 2;

    private static final int ROLE = 1;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Returns the same news as another message. */
    EventMessage withNewId() {
        return new EventMessage(newId(), account, subscription, callbackUrl, change, upperCaseIds);
    }

    static String newId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** Returns the type by which the product labels the body, whatever it is: JSON from both. */
    String contentType() {
        return account.product() == Product.RTC ? "application/x-www-form-urlencoded" : "application/json";
    }

    String body() {
        var message = JSON.objectNode();
        message.put("MsgId", id);
        message.put("MsgTimestamp", change.at().getEpochSecond());
        message.put(upperCaseIds ? "SubscribeID" : "SubscribeId", subscription);
        message.put("AppId", account.appId());
        message.put(channelName(), change.channel());
        var event = SubscriptionTerms.event(change);
        var content = message.putArray("Contents").addObject().put("Event", event);
        content.set(event, change.participant().map(this::userEvent).orElseGet(this::channelEvent));
        return message.toString();
    }

    private ObjectNode channelEvent() {
        return JSON.objectNode()
                .put(channelName(), change.channel())
                .put("EventTag", change.tag())
                .put("Timestamp", change.at().getEpochSecond());
    }

    private ObjectNode userEvent(Participant who) {
        return JSON.objectNode()
                .put("UserId", who.user())
                .put("EventTag", change.tag())
                .put("SessionId", who.sessionId())
                .put("Timestamp", change.at().getEpochSecond())
                .put("ChannelProfile", account.product() == Product.RTC ? "communication" : "interactive_live")
                .put("US", US)
                .put("Reason", REASON)
                .put("Role", ROLE)
                .put("TerminalType", TERMINAL_TYPE)
                .put("UserType", USER_TYPE);
    }

    private String channelName() {
        return upperCaseIds ? "ChannelID" : "ChannelId";
    }
}
