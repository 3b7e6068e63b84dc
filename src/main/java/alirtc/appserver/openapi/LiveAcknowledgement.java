package alirtc.appserver.openapi;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.transform.UnmarshallerContext;
import com.google.gson.annotations.SerializedName;
import org.jspecify.annotations.Nullable;

/** The one field of those answers of ApsaraVideo Live's that say no more than that it is done. */
final class LiveAcknowledgement extends AcsResponse {
    @SerializedName("RequestId")
    private @Nullable String requestId;

    /**
     * Makes sure that it is such an answer.
     *
     * @throws RtcException if it makes no sense
     */
    void check() throws RtcException {
        ResponseFields.required(requestId, "RequestId");
    }

    /** Never called: Gson fills the fields. */
    @Override
    public LiveAcknowledgement getInstance(UnmarshallerContext context) {
        return this;
    }
}
