package alirtc.appserver.auth;

import java.util.List;

/**
 * The parts of a request that access control looks at. Immutable.
 *
 * @param connection the address that the connection comes from, as the container writes it
 * @param forwardedFor the values of the {@code X-Forwarded-For} headers, in their order; empty if there is none
 * @param authorization the values of the {@code Authorization} headers; empty if there is none
 */
public record RequestAttributes(String connection, List<String> forwardedFor, List<String> authorization) {

    /** Copies the lists. */
    public RequestAttributes {
        forwardedFor = List.copyOf(forwardedFor);
        authorization = List.copyOf(authorization);
    }

    /** Returns the connection alone, because credentials must not appear in a log. */
    @Override
    public String toString() {
        return "RequestAttributes[" + connection + "]";
    }
}
