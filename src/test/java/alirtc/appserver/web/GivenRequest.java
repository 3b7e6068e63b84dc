package alirtc.appserver.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes requests as a container would hand them on, of parts that no container has looked at. */
final class GivenRequest {
    private GivenRequest() {}

    /** Returns a request with a query, headers by their exact names, and a body. */
    static HttpServletRequest of(String query, Map<String, String> headers, byte[] body) {
        var context = proxy(ServletContext.class, (self, method, args) -> null);
        return proxy(HttpServletRequest.class, (self, method, args) -> switch (method.getName()) {
            case "getMethod" -> "POST";
            case "getQueryString" -> query;
            case "getHeader" -> headers.get((String) args[0]);
            case "getContentType" -> headers.get("Content-Type");
            case "getContentLengthLong" -> (long) body.length;
            case "getInputStream" -> new Body(new ByteArrayInputStream(body));
            case "getServletContext" -> context;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static final class Body extends ServletInputStream {
        private final InputStream bytes;

        Body(InputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            return bytes.read();
        }

        @Override
        public int read(byte[] to, int from, int most) throws IOException {
            return bytes.read(to, from, most);
        }

        @Override
        public boolean isFinished() {
            return true;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(@Nullable ReadListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
