package alirtc.appserver.openapi;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.transform.UnmarshallerContext;
import com.google.gson.annotations.SerializedName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a {@code DescribeChannelUsers} answer as they come. Boxed, so that a missing one is seen as missing. */
final class DescribeChannelUsersResponse extends AcsResponse {
    @SerializedName("RequestId")
    private @Nullable String requestId;

    @SerializedName("Timestamp")
    private @Nullable Long timestamp;

    @SerializedName("IsChannelExist")
    private @Nullable Boolean isChannelExist;

    @SerializedName("ChannelProfile")
    private @Nullable Integer channelProfile;

    @SerializedName("CommTotalNum")
    private @Nullable Integer commTotalNum;

    @SerializedName("InteractiveUserNum")
    private @Nullable Integer interactiveUserNum;

    @SerializedName("LiveUserNum")
    private @Nullable Integer liveUserNum;

    @SerializedName("UserList")
    private @Nullable List<@Nullable String> userList;

    @SerializedName("InteractiveUserList")
    private @Nullable List<@Nullable String> interactiveUserList;

    @SerializedName("LiveUserList")
    private @Nullable List<@Nullable String> liveUserList;

    /**
     * Returns the answer as the rest of the server knows it. Of a channel that does not exist, counts and lists may be
     * left out; of any other they must be there.
     *
     * @throws RtcException if a field is missing or makes no sense
     */
    ChannelUsers toChannelUsers() throws RtcException {
        boolean exists = ResponseFields.required(isChannelExist, "IsChannelExist");
        return new ChannelUsers(
                ResponseFields.required(requestId, "RequestId"),
                ResponseFields.time(timestamp, "Timestamp"),
                exists,
                ResponseFields.number(channelProfile, "ChannelProfile", exists),
                ResponseFields.number(commTotalNum, "CommTotalNum", exists),
                ResponseFields.number(interactiveUserNum, "InteractiveUserNum", exists),
                ResponseFields.number(liveUserNum, "LiveUserNum", exists),
                ResponseFields.names(userList, "UserList", exists),
                ResponseFields.names(interactiveUserList, "InteractiveUserList", exists),
                ResponseFields.names(liveUserList, "LiveUserList", exists));
    }

    /** Never called: Gson fills the fields. */
    @Override
    public DescribeChannelUsersResponse getInstance(UnmarshallerContext context) {
        return this;
    }
}
