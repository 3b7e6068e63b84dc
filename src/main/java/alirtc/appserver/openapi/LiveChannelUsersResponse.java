package alirtc.appserver.openapi;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.transform.UnmarshallerContext;
import com.google.gson.annotations.SerializedName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of ApsaraVideo Live's {@code DescribeChannelUsers} answer as they come. Boxed, so that a missing one is seen
 * as missing.
 *
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-describechannelusers">the
 *     vendor's reference</a>
 */
final class LiveChannelUsersResponse extends AcsResponse {
    /** The published clients know of communication, in which everybody speaks, and of emptied channels. */
    private static final int COMMUNICATION = 1;

    private static final int EMPTIED = 0;

    @SerializedName("RequestId")
    private @Nullable String requestId;

    @SerializedName("Timestamp")
    private @Nullable Long timestamp;

    @SerializedName("IsChannelExists")
    private @Nullable Boolean isChannelExists;

    @SerializedName("InteractiveUserNumber")
    private @Nullable Integer interactiveUserNumber;

    @SerializedName("LiveUserNumber")
    private @Nullable Integer liveUserNumber;

    @SerializedName("InteractiveUserList")
    private @Nullable List<@Nullable String> interactiveUserList;

    @SerializedName("LiveUserList")
    private @Nullable List<@Nullable String> liveUserList;

    /**
     * Returns the answer as the rest of the server knows it. Who speaks is told as who communicates, and not a second
     * time as a speaker: the published clients join only if fewer than two communicate, and readers who add the counts
     * up must not count anybody twice. A channel with people is one for communication, an emptied one neither, as RTC
     * tells it.
     *
     * <p>Counts may be left out of a channel that does not exist, a list where its count is zero.
     *
     * @throws RtcException if a field is missing or makes no sense
     */
    ChannelUsers toChannelUsers() throws RtcException {
        boolean exists = ResponseFields.required(isChannelExists, "IsChannelExists");
        int speakers = ResponseFields.number(interactiveUserNumber, "InteractiveUserNumber", exists);
        int listeners = ResponseFields.number(liveUserNumber, "LiveUserNumber", exists);
        return new ChannelUsers(
                ResponseFields.required(requestId, "RequestId"),
                ResponseFields.time(timestamp, "Timestamp"),
                exists,
                speakers > 0 || listeners > 0 ? COMMUNICATION : EMPTIED,
                speakers,
                0,
                listeners,
                ResponseFields.names(interactiveUserList, "InteractiveUserList", speakers > 0),
                List.of(),
                ResponseFields.names(liveUserList, "LiveUserList", listeners > 0));
    }

    /** Never called: Gson fills the fields. */
    @Override
    public LiveChannelUsersResponse getInstance(UnmarshallerContext context) {
        return this;
    }
}
