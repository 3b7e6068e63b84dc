package alirtc.appserver.web;

import alirtc.appserver.overview.CallList;
import alirtc.appserver.overview.ChannelDetails;
import alirtc.appserver.overview.ChannelDetails.Barred;
import alirtc.appserver.overview.LiveCall;
import alirtc.appserver.time.SteadyClock;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the operator's backend is told of calls; times in milliseconds, {@code AtMillis} since 1970. */
final class AdminCallData {

    private AdminCallData() {}

    /**
     * Some of the live calls.
     *
     * @param next where the next page begins; null after the last
     * @param complete whether all pages together hold all live calls
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record ListData(List<CallData> calls, @Nullable String next, boolean complete) {}

    /**
     * A call; what does not hold for it is null, and then left out.
     *
     * @param callId what its record and its webhooks name it; null if it is not on record
     * @param endsAtMillis when it reaches its limit
     * @param bars for whom no tokens are issued; null in a list
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record CallData(
            String channel,
            @Nullable String callId,
            String state,
            long startedAtMillis,
            long elapsedMillis,
            @Nullable Long endsAtMillis,
            @Nullable Long remainingMillis,
            List<String> users,
            int seatsTaken,
            @Nullable List<BarData> bars) {}

    /**
     * For how long no tokens are issued.
     *
     * @param user for whom; null if for anybody
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record BarData(@Nullable String user, long untilMillis) {}

    /** Returns a page of the list. */
    static Object list(CallList.Page page, SteadyClock clock) {
        var calls = page.calls();
        return new ListData(
                calls.stream().map(call -> call(call, null, clock)).toList(),
                page.hasMore() ? CallCursor.after(calls.get(calls.size() - 1)) : null,
                page.complete());
    }

    /** Returns what is known of a channel. */
    static Object details(ChannelDetails details, SteadyClock clock) {
        return call(
                details.call(),
                details.bars().stream().map(bar -> bar(bar, clock)).toList(),
                clock);
    }

    private static CallData call(LiveCall call, @Nullable List<BarData> bars, SteadyClock clock) {
        var now = clock.instant();
        return new CallData(
                call.channel().value(),
                call.callId().orElse(null),
                call.state().name().toLowerCase(Locale.ROOT),
                clock.toWall(call.startedAt()).toEpochMilli(),
                notNegative(Duration.between(call.startedAt(), now)),
                call.endsAt().map(end -> clock.toWall(end).toEpochMilli()).orElse(null),
                call.endsAt()
                        .map(end -> notNegative(Duration.between(now, end)))
                        .orElse(null),
                call.users(),
                call.seatsTaken(),
                bars);
    }

    private static BarData bar(Barred bar, SteadyClock clock) {
        return new BarData(bar.user().orElse(null), clock.toWall(bar.until()).toEpochMilli());
    }

    private static long notNegative(Duration time) {
        return Math.max(0, time.toMillis());
    }
}
