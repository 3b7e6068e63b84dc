package alirtc.appserver.rtc;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.transform.UnmarshallerContext;
import com.google.gson.annotations.SerializedName;
import java.util.List;
import javax.xml.bind.annotation.XmlRootElement;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@code DescribeChannelUsers} answer as they come. Boxed, so that a missing one is seen as missing. The
 * annotation on the class makes the SDK parse it with Gson.
 */
@XmlRootElement
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
        boolean exists = Answers.required(isChannelExist, "IsChannelExist");
        return new ChannelUsers(
                Answers.required(requestId, "RequestId"),
                Answers.time(timestamp, "Timestamp"),
                exists,
                Answers.number(channelProfile, "ChannelProfile", exists),
                Answers.number(commTotalNum, "CommTotalNum", exists),
                Answers.number(interactiveUserNum, "InteractiveUserNum", exists),
                Answers.number(liveUserNum, "LiveUserNum", exists),
                Answers.names(userList, "UserList", exists),
                Answers.names(interactiveUserList, "InteractiveUserList", exists),
                Answers.names(liveUserList, "LiveUserList", exists));
    }

    /** Never called: Gson fills the fields. */
    @Override
    public DescribeChannelUsersResponse getInstance(UnmarshallerContext context) {
        return this;
    }
}
