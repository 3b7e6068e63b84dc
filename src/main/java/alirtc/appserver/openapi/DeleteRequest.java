package alirtc.appserver.openapi;

import alirtc.appserver.token.ChannelId;
import com.aliyuncs.rtc.model.v20180111.DeleteChannelRequest;
import java.time.InstantSource;

/** The vendor's own {@code DeleteChannel} request, dated by the Gregorian calendar in whatever locale. */
final class DeleteRequest extends DeleteChannelRequest {

    DeleteRequest(String appId, ChannelId channel, InstantSource clock) {
        setAppId(appId);
        setChannelId(channel.value());
        this.composer = new UtcTimestamps(composer, clock);
    }
}
