package alirtc.appserver.openapi;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.transform.UnmarshallerContext;
import com.google.gson.annotations.SerializedName;
import org.jspecify.annotations.Nullable;

/** The fields of an answer to {@code CreateEventSubscribe} of RTC, or {@code CreateEventSub} of ApsaraVideo Live. */
final class SubscriptionResponse extends AcsResponse {
    @SerializedName("RequestId")
    private @Nullable String requestId;

    @SerializedName("SubscribeId")
    private @Nullable String subscribeId;

    /**
     * Returns the id of the subscription.
     *
     * @throws RtcException if it is missing or makes no sense
     */
    String toId() throws RtcException {
        ResponseFields.required(requestId, "RequestId");
        return ResponseFields.id(subscribeId, "SubscribeId");
    }

    /** Never called: Gson fills the fields. */
    @Override
    public SubscriptionResponse getInstance(UnmarshallerContext context) {
        return this;
    }
}
