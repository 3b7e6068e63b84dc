package alirtc.appserver.openapi;

import alirtc.appserver.token.ChannelId;
import com.aliyuncs.AcsResponse;
import com.aliyuncs.transform.UnmarshallerContext;
import com.google.gson.annotations.SerializedName;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields of ApsaraVideo Live's {@code ListRTCLiveRooms} answer. */
final class LiveChannelsResponse extends AcsResponse {
    @SerializedName("RequestId")
    private @Nullable String requestId;

    @SerializedName("Total")
    private @Nullable Integer total;

    @SerializedName("Rooms")
    private @Nullable List<@Nullable String> rooms;

    /**
     * Returns the page. Only where there are no channels at all may its list be missing.
     *
     * @throws RtcException if a field is missing or makes no sense
     */
    LiveChannels toLiveChannels() throws RtcException {
        ResponseFields.required(requestId, "RequestId");
        int count = ResponseFields.number(total, "Total", true);
        return new LiveChannels(
                count,
                ResponseFields.names(rooms, "Rooms", count > 0).stream()
                        .flatMap(LiveChannelsResponse::channel)
                        .toList());
    }

    private static Stream<ChannelId> channel(String name) {
        try {
            return Stream.of(new ChannelId(name));
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }

    /** Never called: Gson fills the fields. */
    @Override
    public LiveChannelsResponse getInstance(UnmarshallerContext context) {
        return this;
    }
}
