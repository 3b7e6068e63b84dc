package alirtc.appserver.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends answers to callers who may not read them: on threads of the container alone, of which a few may wait for such
 * callers. All further answers, and those that came later, hold no thread while they are not read. Thread-safe.
 */
final class ResponseSender {
    /** So many threads may wait: fewer than have turns. For a caller who reads, one waits for an instant. */
    private static final int MAX_WAITING = 8;

    private static final Semaphore WAITING = new Semaphore(MAX_WAITING);
    private static final Logger LOG = LoggerFactory.getLogger(ResponseSender.class);

    private ResponseSender() {}

    /** Lets a request be answered later, by whatever thread. */
    static AsyncContext startAsync(HttpServletRequest request) {
        var async = request.startAsync();
        // Ours end by themselves, sooner than any time the container would set.
        async.setTimeout(0);
        return async;
    }

    /**
     * Sends an answer, whose status and headers are set, Content-Length among them. It may return before the answer has
     * gone; the request is over then, and nothing may be asked of it. That a caller has gone is no failure.
     *
     * @param body may be empty
     */
    static void send(HttpServletRequest request, HttpServletResponse response, byte[] body) {
        try {
            var out = response.getOutputStream();
            if (request.isAsyncStarted()) {
                sendLater(request.getAsyncContext(), out, body);
            } else if (WAITING.tryAcquire()) {
                try {
                    write(response, out, body);
                } finally {
                    WAITING.release();
                }
            } else if (request.getDispatcherType() != DispatcherType.ERROR) {
                sendLater(startAsync(request), out, body);
            } else {
                // What the container refuses by itself, it ends by itself.
                write(response, out, body);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("A caller has gone", e);
        }
    }

    /**
     * Runs a task on a thread of the container, unless the request is over. Containers end a request whose caller has gone,
     * and then fail in ways of their own; a failure that Tomcat saw, it would make one of the request that came next.
     *
     * @param gone is run if the task fails; must not fail
     */
    static void onContainerThread(AsyncContext async, Runnable task, Runnable gone) {
        Runnable unfailing = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.debug("A caller has gone", e);
                gone.run();
            }
        };
        try {
            async.start(unfailing);
        } catch (RuntimeException e) {
            LOG.debug("A caller has gone", e);
            gone.run();
        }
    }

    /**
     * Sends an answer on a thread of the container, after all that waits for one. Tomcat writes on the thread that sets the
     * listener, and takes up the caller's next requests on it.
     */
    private static void sendLater(AsyncContext async, ServletOutputStream out, byte[] body) {
        onContainerThread(async, () -> out.setWriteListener(new Sending(async, out, body)), () -> {});
    }

    private static void write(HttpServletResponse response, ServletOutputStream out, byte[] body) throws IOException {
        out.write(body);
        // Tomcat would send it later, where nobody counts its thread.
        response.flushBuffer();
    }

    /** Sends an answer as its caller takes it. The container calls it on one thread at a time. */
    private static final class Sending implements WriteListener {
        private final AsyncContext async;
        private final ServletOutputStream out;
        private final byte[] body;
        private boolean written;
        private boolean flushed;

        private Sending(AsyncContext async, ServletOutputStream out, byte[] body) {
            this.async = async;
            this.out = out;
            this.body = body;
        }

        @Override
        public void onWritePossible() throws IOException {
            while (out.isReady()) {
                if (!written) {
                    written = true;
                    out.write(body);
                } else if (!flushed) {
                    flushed = true;
                    out.flush();
                } else {
                    async.complete();
                    return;
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            LOG.debug("A caller has gone", failure);
            async.complete();
        }
    }
}
