package alirtc.appserver.openapi;

import alirtc.appserver.openapi.RtcException.Kind;
import com.aliyuncs.exceptions.ClientException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the SDK's exceptions what went wrong, by error code and cause. Their texts are never used, but for a plain
 * word where the code is a mere number.
 */
final class SdkFailure {
    /** The code of our own for credentials that could not be had. */
    static final String NO_CREDENTIALS = "NoCredentials";

    /** ApsaraVideo Live's codes for two things, each. */
    private static final Set<String> NO_APP_OR_CHANNEL = Set.of("AppOrChannelNotExists", "ResourceNotExist");

    /** The actions that are about a channel which need not be there. */
    private static final Set<String> ABOUT_CHANNELS = Set.of("DeleteChannel", "RemoveTerminals");

    /** The codes by which the upstream says that the application is not there, or not ours. */
    private static final Set<String> APP_NOT_FOUND =
            Set.of("App.NotExist", "request.noappid", "request.illegalauth", "InvalidAuth", "NoAuth");

    /** The beginnings of codes by which the upstream refuses who asks or what is asked. */
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
            "InvalidInput",
            "InputInvalid",
            "App.Stop",
            "request.");

    /** A code or request id as the upstream writes them; anything else could forge a line in the log. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    /** ApsaraVideo Live repeats the HTTP status for a code and has the name of the error for its text. */
    private static final Pattern STATUS = Pattern.compile("[0-9]{3}");

    private static final String NONE = "(none)";

    private SdkFailure() {}

    /** Returns what to throw instead of the SDK's exception. */
    static RtcException of(String action, ClientException e) {
        var code = code(e);
        var words = action + ": " + code + ", upstream request " + plain(e.getRequestId());
        if (e.getCause() instanceof BoundedExchange.MalformedAnswer malformed) {
            return new RtcException(
                    malformed.isSuccessful() ? Kind.MALFORMED : Kind.UNAVAILABLE,
                    action + ": the upstream's answer makes no sense: " + malformed.getMessage());
        }
        if (code.startsWith("Throttling")) {
            return new RtcException(Kind.THROTTLED, words);
        }
        if ("SDK.ReadTimeout".equals(code)) {
            return new RtcException(Kind.TIMEOUT, action + ": the upstream went silent");
        }
        if ("Channel.NotExist".equals(code) || isNoChannel(action, code)) {
            return new RtcException(Kind.CHANNEL_NOT_FOUND, words);
        }
        if (APP_NOT_FOUND.contains(code) || NO_APP_OR_CHANNEL.contains(code)) {
            return new RtcException(Kind.APP_NOT_FOUND, words);
        }
        if (REFUSALS.stream().anyMatch(code::startsWith)) {
            return new RtcException(Kind.REFUSED, words);
        }
        return new RtcException(Kind.UNAVAILABLE, words);
    }

    /**
     * Returns whether it may be the channel that is missing. Who asks for users is told so by a field, so that the code
     * can only mean the application then.
     */
    private static boolean isNoChannel(String action, String code) {
        return NO_APP_OR_CHANNEL.contains(code) && ABOUT_CHANNELS.contains(action);
    }

    private static String code(ClientException e) {
        var code = plain(e.getErrCode());
        var text = STATUS.matcher(code).matches() ? plain(e.getErrMsg()) : NONE;
        return text.equals(NONE) ? code : text;
    }

    private static String plain(@Nullable String text) {
        return text != null && PLAIN.matcher(text).matches() ? text : NONE;
    }
}
