package alirtc.appserver.openapi;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.transform.UnmarshallerContext;
import com.google.gson.annotations.SerializedName;
import javax.xml.bind.annotation.XmlRootElement;
import org.jspecify.annotations.Nullable;

/** The one field of ApsaraVideo Live's {@code DeleteChannel} answer, parsed by Gson for the class's annotation. */
@XmlRootElement
final class LiveDeletionResponse extends AcsResponse {
    @SerializedName("RequestId")
    private @Nullable String requestId;

    /**
     * Makes sure that it is the answer to a deletion.
     *
     * @throws RtcException if it makes no sense
     */
    void check() throws RtcException {
        ResponseFields.required(requestId, "RequestId");
    }

    /** Never called: Gson fills the fields. */
    @Override
    public LiveDeletionResponse getInstance(UnmarshallerContext context) {
        return this;
    }
}
