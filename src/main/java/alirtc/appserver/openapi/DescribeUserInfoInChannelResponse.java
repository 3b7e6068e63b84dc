package alirtc.appserver.openapi;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.transform.UnmarshallerContext;
import com.google.gson.annotations.SerializedName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of a {@code DescribeUserInfoInChannel} answer as they come. */
final class DescribeUserInfoInChannelResponse extends AcsResponse {
    @SerializedName("RequestId")
    private @Nullable String requestId;

    @SerializedName("Timestamp")
    private @Nullable Long timestamp;

    @SerializedName("IsInChannel")
    private @Nullable Boolean isInChannel;

    @SerializedName("Property")
    private @Nullable List<@Nullable Session> property;

    private static final class Session {
        @SerializedName("Join")
        private @Nullable Long join;
    }

    /**
     * Returns when the user joined, the earliest if it is there several times; nothing if it is not there.
     *
     * @throws RtcException if a field is missing or makes no sense
     */
    Optional<JoinTime> toJoinTime() throws RtcException {
        ResponseFields.required(requestId, "RequestId");
        var answeredAt = ResponseFields.time(timestamp, "Timestamp");
        if (!ResponseFields.required(isInChannel, "IsInChannel")) {
            return Optional.empty();
        }
        Instant earliest = null;
        for (var session : ResponseFields.required(property, "Property")) {
            var joined = ResponseFields.time(ResponseFields.required(session, "a Property").join, "Join");
            earliest = earliest == null || joined.isBefore(earliest) ? joined : earliest;
        }
        return Optional.of(new JoinTime(ResponseFields.required(earliest, "Property"), answeredAt));
    }

    /** Never called: Gson fills the fields. */
    @Override
    public DescribeUserInfoInChannelResponse getInstance(UnmarshallerContext context) {
        return this;
    }
}
