package alirtc.appserver.sandbox;

import java.util.ArrayList;
import java.util.List;
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

    /** Returns the values of {@code name.1}, {@code name.2} and so on, to the first that is missing. */
    List<String> list(String name) {
        var values = new ArrayList<String>();
        for (var value = parameters.get(name + ".1");
                value != null;
                value = parameters.get(name + "." + (values.size() + 1))) {
            values.add(value);
        }
        return List.copyOf(values);
    }
}
