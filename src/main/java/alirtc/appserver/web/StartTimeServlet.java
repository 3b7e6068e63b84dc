package alirtc.appserver.web;

import alirtc.appserver.auth.Caller;
import alirtc.appserver.call.StartTime;
import alirtc.appserver.lifecycle.CallService;
import alirtc.appserver.token.ChannelId;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** GET /app/descChannelStartTime?channelId= answers when the call began, and when it has to end. */
public final class StartTimeServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller) {
        var channel =
                caller.admitted(new QueryParameters(request.getQueryString()).required("channelId", ChannelId::new));
        return ContextParts.require(request.getServletContext(), CallService.class)
                .startTime(channel)
                .thenApply(found -> StartTimeData.of(found.orElseThrow(() ->
                        new ApiException(ErrorCode.NOT_FOUND, "No call is known in channel " + channel.value()))));
    }

    /**
     * The start time in the form that the published clients read, and what a phone with a wrong clock needs; the end is
     * null, and then left out, where there is no time limit. {@code Utc} in whole seconds, {@code Ts} in milliseconds
     * since 1970.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record StartTimeData(
            String channelStartTimeUtc,
            long channelStartTimeTs,
            long serverTimeTs,
            long elapsedMillis,
            @Nullable String channelEndTimeUtc,
            @Nullable Long channelEndTimeTs,
            @Nullable Long remainingMillis) {

        static StartTimeData of(StartTime time) {
            var endsAt = time.endsAt();
            return new StartTimeData(
                    utc(time.startedAt()),
                    time.startedAt().toEpochMilli(),
                    time.now().toEpochMilli(),
                    millisBetween(time.startedAt(), time.now()),
                    endsAt.map(StartTimeData::utc).orElse(null),
                    endsAt.map(Instant::toEpochMilli).orElse(null),
                    endsAt.map(end -> millisBetween(time.now(), end)).orElse(null));
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
