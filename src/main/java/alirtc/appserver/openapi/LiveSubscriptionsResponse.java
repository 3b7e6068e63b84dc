package alirtc.appserver.openapi;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.transform.UnmarshallerContext;
import com.google.gson.annotations.SerializedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of ApsaraVideo Live's {@code ListEventSub} answer. */
final class LiveSubscriptionsResponse extends AcsResponse {
    private static final String ALL_CHANNELS = "*";

    @SerializedName("RequestId")
    private @Nullable String requestId;

    @SerializedName("Subscribers")
    private @Nullable List<@Nullable Subscriber> subscribers;

    private static final class Subscriber {
        @SerializedName("SubId")
        private @Nullable String subId;

        @SerializedName("CallbackUrl")
        private @Nullable String callbackUrl;

        @SerializedName("ChannelId")
        private @Nullable String channelId;

        @SerializedName("Events")
        private @Nullable List<@Nullable String> events;
    }

    /**
     * A subscription of the application's.
     *
     * @param callbackUrl where it goes; may hold a secret, ours or another's
     * @param ofAllChannels whether it is to all channels, not to one
     * @param events the kinds of events
     */
    record Subscription(String id, String callbackUrl, boolean ofAllChannels, Set<String> events) {
        /** Copies the set in. */
        Subscription {
            events = Set.copyOf(events);
        }

        /** Returns the id alone: the address can hold a secret. */
        @Override
        public String toString() {
            return "Subscription[" + id + "]";
        }
    }

    /**
     * Returns the subscriptions. An answer without a list has none.
     *
     * @throws RtcException if a field is missing or makes no sense
     */
    List<Subscription> toSubscriptions() throws RtcException {
        ResponseFields.required(requestId, "RequestId");
        var all = new ArrayList<Subscription>();
        for (var one : subscribers == null ? List.<@Nullable Subscriber>of() : subscribers) {
            var subscriber = ResponseFields.required(one, "a Subscriber");
            var channel = subscriber.channelId;
            all.add(new Subscription(
                    ResponseFields.id(subscriber.subId, "SubId"),
                    ResponseFields.required(subscriber.callbackUrl, "CallbackUrl"),
                    channel == null || channel.isEmpty() || channel.equals(ALL_CHANNELS),
                    Set.copyOf(ResponseFields.names(subscriber.events, "Events", false))));
        }
        return all;
    }

    /** Never called: Gson fills the fields. */
    @Override
    public LiveSubscriptionsResponse getInstance(UnmarshallerContext context) {
        return this;
    }
}
