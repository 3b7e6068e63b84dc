package alirtc.appserver.web;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Makes requests as a container would hand them on, of parts that no container has looked at. */
final class GivenRequest {
    private GivenRequest() {}

    /** Returns a request with a query, and headers by their exact names. */
    static HttpServletRequest of(String query, Map<String, String> headers) {
        var context = proxy(ServletContext.class, (self, method, args) -> null);
        return proxy(HttpServletRequest.class, (self, method, args) -> switch (method.getName()) {
            case "getQueryString" -> query;
            case "getHeader" -> headers.get((String) args[0]);
            case "getHeaders" ->
                Collections.enumeration(
                        headers.containsKey((String) args[0]) ? List.of(headers.get((String) args[0])) : List.of());
            case "getServletContext" -> context;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
