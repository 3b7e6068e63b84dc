package alirtc.appserver.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.HttpResponseInterceptor;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.ContentType;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what one exchange with the upstream may take, below the SDK: its time in all, however slowly bytes trickle, and
 * its size; and lets only one complete JSON object through. The SDK's own reader loops for ever on a cut one, and its
 * read timeout starts anew with every byte. Thread-safe.
 */
final class BoundedExchange extends HttpRequestExecutor implements HttpResponseInterceptor {
    /** An answer naming three times a thousand users of 64 letters has about 200 KB. */
    private static final int LARGEST_ANSWER = 1 << 20;

    private static final List<String> ERROR_FIELDS = List.of("RequestId", "HostId", "Code", "Message");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    /** The SDK passes nothing through to here but the thread that calls. */
    private static final ThreadLocal<Deadline> CURRENT = new ThreadLocal<>();

    /** The answer is not one complete JSON object of sane size. */
    static final class MalformedAnswer extends IOException {
        private static final long serialVersionUID = 1L;

        private final boolean successful;

        private MalformedAnswer(HttpResponse response, String message) {
            super(message);
            this.successful = isGood(response);
        }

        /** Returns whether it was to be a good answer, by its status; else it may be of something before the upstream. */
        boolean isSuccessful() {
            return successful;
        }
    }

    /** Cuts the exchange of the thread that opened it when it runs; close it when the exchange is over. */
    static final class Deadline implements Runnable, AutoCloseable {
        private @Nullable HttpClientConnection connection;
        private boolean passed;

        private Deadline() {}

        @Override
        public synchronized void run() {
            passed = true;
            shutdown();
        }

        synchronized boolean hasPassed() {
            return passed;
        }

        private synchronized void covers(HttpClientConnection used) {
            connection = used;
            if (passed) {
                shutdown();
            }
        }

        private void shutdown() {
            if (connection != null) {
                try {
                    connection.shutdown();
                } catch (IOException e) {
                    // A connection that cannot be shut down is shut already.
                    connection = null;
                }
            }
        }

        @Override
        public synchronized void close() {
            connection = null;
            CURRENT.remove();
        }
    }

    /** Opens a deadline for the calling thread's next exchange. */
    static Deadline open() {
        var deadline = new Deadline();
        CURRENT.set(deadline);
        return deadline;
    }

    @Override
    public HttpResponse execute(HttpRequest request, HttpClientConnection connection, HttpContext context)
            throws IOException, HttpException {
        var deadline = CURRENT.get();
        if (deadline != null) {
            deadline.covers(connection);
        }
        return super.execute(request, connection, context);
    }

    /** Reads the whole answer and replaces it with what the SDK can safely parse. */
    @Override
    public void process(HttpResponse response, HttpContext context) throws IOException {
        var entity = response.getEntity();
        if (entity == null || entity.getContentLength() > LARGEST_ANSWER) {
            throw new MalformedAnswer(response, entity == null ? "no body" : "a body of more than 1 MiB");
        }
        // Not closed here: closing would first read the rest of a body that has no end.
        var body = entity.getContent().readNBytes(LARGEST_ANSWER + 1);
        if (body.length > LARGEST_ANSWER) {
            throw new MalformedAnswer(response, "a body of more than 1 MiB");
        }
        var object = parse(response, body);
        if (!isGood(response)) {
            // Error bodies go to the SDK's old reader: strings alone are safe there.
            object = errorFields(object);
        }
        response.setEntity(new ByteArrayEntity(JSON.writeValueAsBytes(object), ContentType.APPLICATION_JSON));
    }

    private static boolean isGood(HttpResponse response) {
        return response.getStatusLine().getStatusCode() / 100 == 2;
    }

    private static ObjectNode parse(HttpResponse response, byte[] body) throws IOException {
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                return object;
            }
            throw new MalformedAnswer(response, "not a JSON object");
        } catch (JsonProcessingException e) {
            throw new MalformedAnswer(response, "not JSON");
        }
    }

    private static ObjectNode errorFields(JsonNode error) {
        var strings = JSON.createObjectNode();
        for (var field : ERROR_FIELDS) {
            if (error.path(field).isTextual()) {
                strings.put(field, error.path(field).textValue());
            }
        }
        return strings;
    }
}
