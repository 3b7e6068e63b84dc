package alirtc.appserver.auth;

import java.util.List;

/**
 * What a request tells of who sends it.
 *
 * @param connection the address that the connection comes from
 * @param forwardedFor the values of its headers {@code X-Forwarded-For}, in their order
 * @param authorization the values of its headers {@code Authorization}
 */
public record RequestAttributes(String connection, List<String> forwardedFor, List<String> authorization) {

    /** Copies the lists in. */
    public RequestAttributes {
        forwardedFor = List.copyOf(forwardedFor);
        authorization = List.copyOf(authorization);
    }

    /** Returns the connection alone: what proves a caller belongs into no log. */
    @Override
    public String toString() {
        return "Approach[" + connection + "]";
    }
}
