package alirtc.appserver.web;

import alirtc.appserver.auth.Caller;
import alirtc.appserver.call.StartTime;
import alirtc.appserver.lifecycle.CallService;
import alirtc.appserver.token.ChannelId;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;

/** GET /app/descChannelStartTime?channelId= answers when the call began, and when it has to end. */
public final class StartTimeServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller) {
        var channel =
                caller.admitted(new QueryParameters(request.getQueryString()).required("channelId", ChannelId::new));
        return ContextParts.require(request.getServletContext(), CallService.class)
                .startTime(channel)
                .thenApply(found -> new StartTimeData(found.orElseThrow(() ->
                        new ApiException(ErrorCode.NOT_FOUND, "No call is known in channel " + channel.value()))));
    }

    /**
     * The start time in the form that the published clients read, and what a phone with a wrong clock needs.
     *
     * @param time the start time
     */
    private record StartTimeData(StartTime time) implements Json {
        @Override
        public String json() {
            var start = "{\"channelStartTimeUtc\":\"" + utc(time.startedAt()) + "\",\"channelStartTimeTs\":"
                    + time.startedAt().toEpochMilli() + ",\"serverTimeTs\":"
                    + time.now().toEpochMilli() + ",\"elapsedMillis\":" + millisBetween(time.startedAt(), time.now());
            return start + time.endsAt().map(this::end).orElse("") + "}";
        }

        private String end(Instant endsAt) {
            return ",\"channelEndTimeUtc\":\"" + utc(endsAt) + "\",\"channelEndTimeTs\":" + endsAt.toEpochMilli()
                    + ",\"remainingMillis\":" + millisBetween(time.now(), endsAt);
        }

        /** Returns a time in whole seconds, the only form that the published clients read. */
        private static String utc(Instant time) {
            return time.truncatedTo(ChronoUnit.SECONDS).toString();
        }

        private static long millisBetween(Instant from, Instant to) {
            // Of whole milliseconds, as they are told: the three numbers then add up.
            return Math.max(0, to.toEpochMilli() - from.toEpochMilli());
        }
    }
}
