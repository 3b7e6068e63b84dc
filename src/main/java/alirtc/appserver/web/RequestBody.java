package alirtc.appserver.web;

import alirtc.appserver.time.Timers;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Reads a body as it comes, never more of one than is wanted, whatever its Content-Length says; one that is slow to come
 * holds no thread, and is not waited for beyond {@link #MAX_WAIT}. The container calls it on one thread at a time.
 */
final class RequestBody implements ReadListener {
    static final Duration MAX_WAIT = Duration.ofSeconds(5);

    private static final int CHUNK = 2_048;

    private final ServletInputStream in;
    private final int longest;
    private final ErrorCode tooLong;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();

    private RequestBody(ServletInputStream in, int longest, ErrorCode tooLong) {
        this.in = in;
        this.longest = longest;
        this.tooLong = tooLong;
    }

    /**
     * Returns the whole body when it has come. Fails with an {@link ApiException} if the body is longer, cannot be read, or
     * takes too long.
     *
     * @param request is asynchronous already
     * @param longest how many bytes it may have
     * @param tooLong what a longer one is answered with
     */
    static CompletableFuture<byte[]> read(HttpServletRequest request, int longest, ErrorCode tooLong) {
        if (request.getContentLengthLong() > longest) {
            return CompletableFuture.failedFuture(rejected(longest, tooLong));
        }
        try {
            var reading = new RequestBody(request.getInputStream(), longest, tooLong);
            // On a thread of the container, whichever asks: it may go on to read.
            request.getAsyncContext().start(() -> reading.in.setReadListener(reading));
            ContextParts.require(request.getServletContext(), Timers.class)
                    .timeout(
                            reading.body,
                            MAX_WAIT,
                            () -> new ApiException(
                                    ErrorCode.REQUEST_TIMEOUT,
                                    "The body must come within " + MAX_WAIT.toSeconds() + " s"));
            return reading.body;
        } catch (IOException e) {
            return CompletableFuture.failedFuture(unreadable());
        }
    }

    @Override
    public void onDataAvailable() throws IOException {
        var chunk = new byte[CHUNK];
        while (!body.isDone() && in.isReady()) {
            int count = in.read(chunk);
            if (count < 0) {
                return;
            }
            bytes.write(chunk, 0, count);
            if (bytes.size() > longest) {
                body.completeExceptionally(rejected(longest, tooLong));
            }
        }
    }

    @Override
    public void onAllDataRead() {
        body.complete(bytes.toByteArray());
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(unreadable());
    }

    private static ApiException rejected(int longest, ErrorCode tooLong) {
        return new ApiException(tooLong, "The body must be at most " + longest + " bytes long");
    }

    private static ApiException unreadable() {
        return new ApiException(ErrorCode.BAD_PARAMETER, "The body could not be read");
    }
}
