package alirtc.appserver.web;

import alirtc.appserver.auth.AccessControl;
import alirtc.appserver.auth.Caller;
import alirtc.appserver.auth.MetricsAccess;
import alirtc.appserver.call.CallRecord;
import alirtc.appserver.overview.LiveCall;
import alirtc.appserver.overview.Overview;
import alirtc.appserver.overview.Sample;
import alirtc.appserver.time.SteadyClock;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * GET /app/overview answers what goes on, to those addresses that may read the metrics: names of channels are private.
 * Whoever watches is not counted as a caller.
 */
public final class OverviewServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    @Override
    Optional<AccessControl> access(HttpServletRequest request) {
        return Optional.empty();
    }

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller) {
        var context = request.getServletContext();
        if (!ContextParts.require(context, MetricsAccess.class).mayRead(attributes(request))) {
            throw new ApiException(
                    ErrorCode.FORBIDDEN, "The overview is for the addresses in the setting metrics.allow");
        }
        var overview = ContextParts.require(context, Overview.class);
        return overview.calls()
                .thenCombine(overview.ended(), (calls, ended) -> OverviewData.of(overview, calls, ended));
    }

    /**
     * What goes on; times in milliseconds, {@code Ts} since 1970.
     *
     * @param shared whether the live calls are counted of all servers that share a registry; all else is this server's
     * @param samples the oldest first; the last one is not over
     * @param calls the live calls that began last, the newest first
     * @param ended the calls that ended last, the latest first; none unless calls are on record
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record OverviewData(
            long serverTimeTs,
            long sampleMillis,
            boolean shared,
            List<SampleData> samples,
            List<CallData> calls,
            @Nullable List<EndedData> ended) {

        static OverviewData of(Overview overview, List<LiveCall> calls, Optional<List<CallRecord>> ended) {
            var clock = overview.clock();
            var now = clock.instant();
            return new OverviewData(
                    clock.toWall(now).toEpochMilli(),
                    Overview.INTERVAL.toMillis(),
                    overview.isShared(),
                    overview.samples().stream().map(SampleData::of).toList(),
                    calls.stream().map(call -> CallData.of(call, clock, now)).toList(),
                    ended.map(records -> records.stream()
                                    .map(call -> EndedData.of(call, clock))
                                    .toList())
                            .orElse(null));
        }
    }

    private record SampleData(
            long ts, long liveCalls, long tokens, long errors, String cloud, double budgetLeft, String events) {

        static SampleData of(Sample sample) {
            return new SampleData(
                    sample.at().toEpochMilli(),
                    sample.liveCalls(),
                    sample.tokens(),
                    sample.errors(),
                    word(sample.cloud()),
                    Math.round(sample.budgetLeft() * 100) / 100.0,
                    sample.events());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record CallData(
            String channelId,
            String state,
            long startTs,
            long elapsedMillis,
            @Nullable Long remainingMillis,
            int people,
            int seatsTaken) {

        static CallData of(LiveCall call, SteadyClock clock, Instant now) {
            return new CallData(
                    call.channel().value(),
                    word(call.state()),
                    clock.toWall(call.startedAt()).toEpochMilli(),
                    millisBetween(call.startedAt(), now),
                    call.endsAt().map(end -> millisBetween(now, end)).orElse(null),
                    call.people(),
                    call.seatsTaken());
        }

        private static long millisBetween(Instant from, Instant to) {
            return Math.max(0, Duration.between(from, to).toMillis());
        }
    }

    private record EndedData(
            String callId, String channelId, long endTs, long durationMillis, long talkMillis, String endReason) {

        static EndedData of(CallRecord call, SteadyClock clock) {
            return new EndedData(
                    call.callId(),
                    call.channel().value(),
                    clock.toWall(call.endedAt()).toEpochMilli(),
                    Duration.between(call.startedAt(), call.endedAt()).toMillis(),
                    call.talked().toMillis(),
                    word(call.endReason()));
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
