package alirtc.appserver.rtc;

import alirtc.appserver.rtc.RtcException.Kind;
import com.aliyuncs.exceptions.ClientException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells from the SDK's exceptions what went wrong, by error code and cause; their texts are never used. */
final class SdkFailure {
    /** The code of our own for credentials that could not be had. */
    static final String NO_CREDENTIALS = "NoCredentials";

    /** The beginnings of codes by which the upstream refuses who asks or for which application. */
    private static final List<String> REFUSALS = List.of(
            NO_CREDENTIALS,
            "InvalidAccessKeyId",
            "SDK.InvalidAccessKeySecret",
            "SDK.InvalidAccessSecret",
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "InvalidSecurityToken",
            "MissingSecurityToken",
            "InvalidTimeStamp",
            "Forbidden",
            "NoPermission",
            "InvalidAction",
            "InvalidVersion",
            "App.NotExist",
            "App.Stop",
            "request.");

    /** A code or request id as the upstream writes them; anything else could forge a line in the log. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private SdkFailure() {}

    /** Returns what to throw instead of the SDK's exception. */
    static RtcException of(String action, ClientException e) {
        var code = plain(e.getErrCode());
        var words = action + ": " + code + ", upstream request " + plain(e.getRequestId());
        if (e.getCause() instanceof BoundedExchange.MalformedAnswer malformed) {
            return new RtcException(
                    Kind.MALFORMED, action + ": the upstream's answer makes no sense: " + malformed.getMessage());
        }
        if (code.startsWith("Throttling")) {
            return new RtcException(Kind.THROTTLED, words);
        }
        if ("SDK.ReadTimeout".equals(code)) {
            return new RtcException(Kind.TIMEOUT, action + ": the upstream went silent");
        }
        if ("Channel.NotExist".equals(code)) {
            return new RtcException(Kind.NO_CHANNEL, words);
        }
        if (REFUSALS.stream().anyMatch(code::startsWith)) {
            return new RtcException(Kind.REFUSED, words);
        }
        return new RtcException(Kind.UNAVAILABLE, words);
    }

    private static String plain(@Nullable String text) {
        return text != null && PLAIN.matcher(text).matches() ? text : "(none)";
    }
}
