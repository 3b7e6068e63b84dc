package alirtc.appserver.web;

import alirtc.appserver.auth.AccessException;
import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.registry.RegistryException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A request cannot be answered; its message is for the caller, and names nothing secret. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final Duration retryAfter;

    ApiException(ErrorCode code, String message) {
        this(code, message, Duration.ZERO, null);
    }

    /** Builds the answer to a request that can be tried again after a time. */
    ApiException(ErrorCode code, String message, Duration retryAfter) {
        this(code, message, retryAfter, null);
    }

    private ApiException(ErrorCode code, String message, Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** Returns what to answer for any failure: what the world does to us by its kind, the rest as a defect of ours. */
    static ApiException of(Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return of(failure.getCause());
        }
        if (failure instanceof ApiException already) {
            return already;
        }
        if (failure instanceof RtcException upstream) {
            return of(upstream);
        }
        if (failure instanceof RegistryException) {
            return new ApiException(
                    ErrorCode.REGISTRY_AWAY,
                    "The server cannot tell just now; try again after the time in Retry-After",
                    Duration.ofSeconds(2),
                    failure);
        }
        if (failure instanceof AccessException rejection) {
            return of(rejection);
        }
        return new ApiException(ErrorCode.DEFECT, "The server failed; its log tells why", Duration.ZERO, failure);
    }

    private static ApiException of(RtcException failure) {
        return switch (failure.kind()) {
            case REFUSED, APP_NOT_FOUND ->
                new ApiException(
                        ErrorCode.UPSTREAM_REFUSED,
                        "The RTC service refused this server's credentials or application; its operator has to check them",
                        Duration.ZERO,
                        failure);
            case TIMEOUT ->
                new ApiException(
                        ErrorCode.UPSTREAM_TIMEOUT,
                        "The RTC service did not answer in time; try again",
                        Duration.ZERO,
                        failure);
            case THROTTLED -> unavailable("The RTC service wants fewer requests", failure);
            case MALFORMED -> unavailable("The RTC service gave an answer that makes no sense", failure);
            case SPARED -> unavailable("The RTC service keeps failing and is not asked just now", failure);
            case REJECTED -> unavailable("The budget for requests to the RTC service is used up", failure);
            case UNAVAILABLE, CHANNEL_NOT_FOUND -> unavailable("The RTC service cannot answer just now", failure);
        };
    }

    private static ApiException unavailable(String why, RtcException failure) {
        return new ApiException(
                ErrorCode.UPSTREAM_UNAVAILABLE,
                why + "; try again after the time in Retry-After",
                failure.retryAfter(),
                failure);
    }

    private static ApiException of(AccessException rejection) {
        var code = switch (rejection.kind()) {
            case NO_CREDENTIALS, INVALID_CREDENTIALS -> ErrorCode.UNAUTHENTICATED;
            case SEVERAL_CREDENTIALS -> ErrorCode.BAD_PARAMETER;
            case FORBIDDEN -> ErrorCode.FORBIDDEN;
            case RATE_LIMITED -> ErrorCode.TOO_MANY_REQUESTS;
            case KEYS_UNAVAILABLE -> ErrorCode.KEYS_UNAVAILABLE;
        };
        return new ApiException(code, String.valueOf(rejection.getMessage()), rejection.retryAfter(), rejection);
    }

    ErrorCode code() {
        return code;
    }

    /** Returns the cause in one word, finer than the code where the upstream is the matter. */
    String reason() {
        var cause = getCause() instanceof RtcException upstream ? upstream.kind() : code;
        return cause.name().toLowerCase(Locale.ROOT);
    }

    /** Returns after how many seconds to try again, at least one, if that may help. */
    Optional<Long> retryAfterSeconds() {
        return switch (code) {
            case UPSTREAM_UNAVAILABLE,
                    KEYS_UNAVAILABLE,
                    TOO_MANY_REQUESTS,
                    CHANNEL_FULL,
                    REGISTRY_FULL,
                    REGISTRY_AWAY,
                    OVERLOADED ->
                Optional.of(Math.max(1, retryAfter.plusMillis(999).toSeconds()));
            default -> Optional.empty();
        };
    }

    /** Returns what to prove who one is by, in the words of RFC 6750, if that was the matter. */
    Optional<String> challenge() {
        if (!(getCause() instanceof AccessException rejection)) {
            return Optional.empty();
        }
        return switch (rejection.kind()) {
            case NO_CREDENTIALS -> Optional.of("Bearer realm=\"1v1-audio\"");
            case SEVERAL_CREDENTIALS -> Optional.of("Bearer realm=\"1v1-audio\", error=\"invalid_request\"");
            case INVALID_CREDENTIALS -> Optional.of("Bearer realm=\"1v1-audio\", error=\"invalid_token\"");
            case FORBIDDEN -> Optional.of("Bearer realm=\"1v1-audio\", error=\"insufficient_scope\"");
            case RATE_LIMITED, KEYS_UNAVAILABLE -> Optional.empty();
        };
    }
}
