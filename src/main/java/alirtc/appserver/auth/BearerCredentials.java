package alirtc.appserver.auth;

import alirtc.appserver.auth.AccessException.Kind;
import java.util.List;
import java.util.regex.Pattern;

/** What a request sends in its one {@code Authorization: Bearer} header. */
final class BearerCredentials {
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(\\S+)");

    private BearerCredentials() {}

    /**
     * Returns the credentials.
     *
     * @param authorization the values of the request's {@code Authorization} headers
     * @param what what is to be sent, in words for the caller
     * @throws AccessException if there are none, or several
     */
    static String of(List<String> authorization, String what) {
        if (authorization.size() > 1) {
            throw new AccessException(Kind.SEVERAL_CREDENTIALS, "Send the header Authorization once");
        }
        var match = BEARER.matcher(authorization.isEmpty() ? "" : authorization.get(0));
        if (!match.matches()) {
            throw new AccessException(Kind.NO_CREDENTIALS, "Send " + what + " in the header Authorization: Bearer");
        }
        return match.group(1);
    }
}
