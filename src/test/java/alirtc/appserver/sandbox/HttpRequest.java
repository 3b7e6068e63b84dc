package alirtc.appserver.sandbox;

import java.util.Map;

/**
 * A request as it came over HTTP.
 *
 * @param host the header, empty if it was missing
 * @param parameters of the query and of a form in the body, decoded
 * @param keepAlive whether the client keeps the connection open
 */
record HttpRequest(String method, String host, Map<String, String> parameters, boolean keepAlive) {

    HttpRequest {
        parameters = Map.copyOf(parameters);
    }

    /** Returns the parameter, or an empty text where the request has none. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }
}
