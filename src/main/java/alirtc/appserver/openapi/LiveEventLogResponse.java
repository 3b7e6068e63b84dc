package alirtc.appserver.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.transform.UnmarshallerContext;
import com.google.gson.annotations.SerializedName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of ApsaraVideo Live's {@code ListEventSubEvent} answer that are read. Others are about how a message was
 * delivered, which does not matter.
 */
final class LiveEventLogResponse extends AcsResponse {
    @SerializedName("RequestId")
    private @Nullable String requestId;

    @SerializedName("HasMore")
    private @Nullable Boolean hasMore;

    @SerializedName("Logs")
    private @Nullable List<@Nullable Log> logs;

    private static final class Log {
        @SerializedName("Data")
        private @Nullable String data;
    }

    /**
     * A page of the log.
     *
     * @param events those of the messages that can be understood
     * @param more whether another page follows
     */
    record Page(List<ChannelEvent> events, boolean more) {
        /** Copies the list in. */
        Page {
            events = List.copyOf(events);
        }
    }

    /**
     * Returns the page without what is about other applications, and without messages that cannot be understood.
     *
     * @throws RtcException if a field is missing
     */
    Page toPage(String appId) throws RtcException {
        ResponseFields.required(requestId, "RequestId");
        boolean more = ResponseFields.required(hasMore, "HasMore");
        var events = new ArrayList<ChannelEvent>();
        for (var log : more ? ResponseFields.required(logs, "Logs") : logs()) {
            events.addAll(events(ResponseFields.required(log, "a Log").data, appId));
        }
        return new Page(events, more && !logs().isEmpty());
    }

    private List<@Nullable Log> logs() {
        return logs == null ? List.of() : logs;
    }

    private static List<ChannelEvent> events(@Nullable String data, String appId) {
        if (data == null) {
            return List.of();
        }
        try {
            var message = EventMessage.parse(data.getBytes(UTF_8));
            return message.appId().equals(appId) ? message.events() : List.of();
        } catch (MalformedEventException e) {
            return List.of();
        }
    }

    /** Never called: Gson fills the fields. */
    @Override
    public LiveEventLogResponse getInstance(UnmarshallerContext context) {
        return this;
    }
}
