package alirtc.appserver.web;

import alirtc.appserver.auth.Caller;
import alirtc.appserver.config.ServerInfo;
import alirtc.appserver.openapi.UpstreamStatus;
import alirtc.appserver.time.WallClock;
import alirtc.appserver.token.TokenVerifier;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** GET /app/state answers how the server is set up and whether the upstream answers; nothing secret, nothing of channels. */
public final class StateServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    /** The page has to know that callers must prove who they are before they can. */
    @Override
    boolean isForAnybody() {
        return true;
    }

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller) {
        var context = request.getServletContext();
        return CompletableFuture.completedFuture(StateData.of(
                ContextParts.require(context, ServerInfo.class),
                ContextParts.find(context, TokenVerifier.class).isPresent(),
                ContextParts.require(context, WallClock.class).instant(),
                ContextParts.require(context, HealthProbe.class).events().get(),
                UpstreamData.of(
                        ContextParts.require(context, UpstreamStatus.class).latest())));
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record StateData(
            String version,
            String product,
            String endpoint,
            boolean sandbox,
            String appIdStart,
            @Nullable Integer maxUsers,
            @Nullable Long timeLimitMinutes,
            long tokenTtlSeconds,
            boolean tokenCheck,
            String auth,
            long serverTimeTs,
            String events,
            UpstreamData upstream) {

        static StateData of(ServerInfo about, boolean tokenCheck, Instant now, String events, UpstreamData upstream) {
            return new StateData(
                    about.version(),
                    about.product(),
                    about.endpoint().toString(),
                    about.standIn(),
                    about.appIdStart(),
                    about.maxUsers().orElse(null),
                    about.timeLimit().map(Duration::toMinutes).orElse(null),
                    about.tokenTtl().toSeconds(),
                    tokenCheck,
                    about.jwt() ? "jwt" : "none",
                    now.toEpochMilli(),
                    events,
                    upstream);
        }
    }

    /** The latest requests to the cloud: times in milliseconds, {@code failure} only if the last one failed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record UpstreamData(
            @Nullable Long askedTs,
            @Nullable String failure,
            @Nullable Long answeredTs,
            @Nullable Long skewMillis) {

        static UpstreamData of(UpstreamStatus.Latest latest) {
            return new UpstreamData(
                    latest.askedAt().map(Instant::toEpochMilli).orElse(null),
                    latest.failure()
                            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                            .orElse(null),
                    latest.answeredAt().map(Instant::toEpochMilli).orElse(null),
                    latest.skew().map(Duration::toMillis).orElse(null));
        }
    }
}
