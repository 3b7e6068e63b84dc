package alirtc.appserver.web;

import alirtc.appserver.time.Timers;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Reads a body as it comes, and keeps no more of one than is wanted, whatever its Content-Length says; one that is slow to
 * come holds no thread, and is not waited for beyond {@link #MAX_WAIT}. The container calls it on one thread at a time.
 *
 * <p>A little more than is wanted is read all the same: who is still sending when the connection ends may never see the
 * answer (RFC 9112, 9.6).
 *
 * <p>Bodies that nobody wants are read, too: Tomcat would wait for the rest of one on the thread that has answered.
 */
final class RequestBody implements ReadListener {
    static final Duration MAX_WAIT = Duration.ofSeconds(5);

    private static final String READING = RequestBody.class.getName();
    private static final int MAX_SKIPPED = 64 * 1024;
    private static final int MAX_EXCESS = 64 * 1024;
    private static final int CHUNK = 2_048;

    private final ServletInputStream in;
    private final int longest;
    private final ErrorCode tooLong;
    private final OutputStream to;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private int length;

    private RequestBody(ServletInputStream in, int longest, ErrorCode tooLong, OutputStream to) {
        this.in = in;
        this.longest = longest;
        this.tooLong = tooLong;
        this.to = to;
    }

    /** Returns whether a request has a body. */
    static boolean isIn(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
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
        var bytes = new ByteArrayOutputStream();
        return read(request, longest, tooLong, bytes).thenApply(end -> bytes.toByteArray());
    }

    /**
     * Completes when the body has come: as it is read, or else to nobody. Fails as {@link #read} does.
     *
     * @param request is asynchronous already, if it has a body
     */
    static CompletableFuture<Void> come(HttpServletRequest request) {
        if (request.getAttribute(READING) instanceof RequestBody reading) {
            return reading.end;
        }
        return isIn(request)
                ? read(request, MAX_SKIPPED, ErrorCode.TOO_LARGE, OutputStream.nullOutputStream())
                : CompletableFuture.completedFuture(null);
    }

    /** Runs a task when the body has come; refuses the request if it is too long or does not come. */
    static void goOn(HttpServletRequest request, HttpServletResponse response, Runnable task) {
        if (isIn(request)) {
            var unused = ResponseSender.startAsync(request);
        }
        // The task, or the refusal, ends the request; the stage has no result of its own.
        var unusedStage = come(request).whenComplete((come, failure) -> {
            if (failure == null) {
                task.run();
            } else {
                ErrorServlet.refuse(request, response, ApiException.of(failure));
            }
        });
    }

    /** Returns whether a part of the body was left unread, which the connection cannot go on after. */
    static boolean isGivenUp(HttpServletRequest request) {
        return request.getAttribute(READING) instanceof RequestBody reading && reading.end.isCompletedExceptionally();
    }

    private static CompletableFuture<Void> read(
            HttpServletRequest request, int longest, ErrorCode tooLong, OutputStream to) {
        try {
            var reading = new RequestBody(request.getInputStream(), longest, tooLong, to);
            request.setAttribute(READING, reading);
            reading.start(request);
            return reading.end;
        } catch (IOException e) {
            return CompletableFuture.failedFuture(unreadable());
        }
    }

    private void start(HttpServletRequest request) {
        if (request.getContentLengthLong() > longest + MAX_EXCESS) {
            end.completeExceptionally(rejected());
            return;
        }
        // On a thread of the container, whichever asks: it may go on to read.
        ResponseSender.onContainerThread(
                request.getAsyncContext(),
                () -> in.setReadListener(this),
                () -> end.completeExceptionally(unreadable()));
        ContextParts.require(request.getServletContext(), Timers.class)
                .timeout(
                        end,
                        MAX_WAIT,
                        () -> new ApiException(
                                ErrorCode.REQUEST_TIMEOUT, "The body must come within " + MAX_WAIT.toSeconds() + " s"));
    }

    @Override
    public void onDataAvailable() throws IOException {
        var chunk = new byte[CHUNK];
        while (!end.isDone() && in.isReady()) {
            int count = in.read(chunk);
            if (count < 0) {
                return;
            }
            length += count;
            if (length > longest + MAX_EXCESS) {
                end.completeExceptionally(rejected());
            } else if (length <= longest) {
                to.write(chunk, 0, count);
            }
        }
    }

    @Override
    public void onAllDataRead() {
        if (length > longest) {
            end.completeExceptionally(rejected());
        } else {
            end.complete(null);
        }
    }

    @Override
    public void onError(Throwable failure) {
        end.completeExceptionally(unreadable());
    }

    private ApiException rejected() {
        return new ApiException(tooLong, "The body must be at most " + longest + " bytes long");
    }

    private static ApiException unreadable() {
        return new ApiException(ErrorCode.BAD_PARAMETER, "The body could not be read");
    }
}
