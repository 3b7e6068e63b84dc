package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the HTTP/1.1 requests of one connection. */
final class RequestReader {
    private static final int HEAD_LIMIT = 16 * 1024;
    private static final int BODY_LIMIT = 64 * 1024;

    private final InputStream in;
    private int headLeft;

    RequestReader(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /**
     * Returns the next request, or nothing if the client has closed its side.
     *
     * @throws ProtocolException if it is not a request that this server understands; the message may be shown
     */
    Optional<HttpRequest> next() throws IOException {
        headLeft = HEAD_LIMIT;
        var line = readLine();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        var parts = line.get().split(" ", -1);
        if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
            throw new ProtocolException("malformed request line");
        }
        var headers = readHeaders();
        var parameters = new HashMap<String, String>();
        var query = parts[1].indexOf('?');
        if (query >= 0) {
            decode(parts[1].substring(query + 1), parameters);
        }
        var body = readBody(headers);
        if (headers.getOrDefault("content-type", "").startsWith("application/x-www-form-urlencoded")) {
            decode(body, parameters);
        }
        var keepAlive = parts[2].equals("HTTP/1.1")
                && !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
        return Optional.of(new HttpRequest(parts[0], headers.getOrDefault("host", ""), parameters, keepAlive));
    }

    private Map<String, String> readHeaders() throws IOException {
        var headers = new HashMap<String, String>();
        while (true) {
            var line = readLine().orElseThrow(() -> new ProtocolException("headers end early"));
            if (line.isEmpty()) {
                return headers;
            }
            var colon = line.indexOf(':');
            if (colon < 1) {
                throw new ProtocolException("malformed header");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
    }

    private String readBody(Map<String, String> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            throw new ProtocolException("a body needs a Content-Length");
        }
        var length = headers.getOrDefault("content-length", "0");
        if (!length.matches("[0-9]{1,6}") || Integer.parseInt(length) > BODY_LIMIT) {
            throw new ProtocolException("Content-Length must be 0 to " + BODY_LIMIT);
        }
        var body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
            throw new ProtocolException("body ends early");
        }
        return new String(body, UTF_8);
    }

    /** Reads a line of the head, or nothing at the very end of the stream. */
    private Optional<String> readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (var b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (line.size() > 0) {
                    throw new ProtocolException("line ends early");
                }
                return Optional.empty();
            }
            if (--headLeft < 0) {
                throw new ProtocolException("head is longer than " + HEAD_LIMIT + " bytes");
            }
            line.write(b);
        }
        var text = line.toString(ISO_8859_1);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private static void decode(String form, Map<String, String> parameters) throws ProtocolException {
        for (var pair : form.split("&", -1)) {
            var equals = pair.indexOf('=');
            try {
                if (equals > 0) {
                    parameters.put(
                            URLDecoder.decode(pair.substring(0, equals), UTF_8),
                            URLDecoder.decode(pair.substring(equals + 1), UTF_8));
                }
            } catch (IllegalArgumentException e) {
                throw new ProtocolException("malformed percent-encoding");
            }
        }
    }
}
