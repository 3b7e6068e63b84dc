package alirtc.appserver.sandbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Posts messages to their subscribers, those of one channel in the order they came. It talks to HTTP on loopback alone;
 * a message to anywhere else counts as not delivered. It tries once, and waits five seconds for an answer: what the
 * cloud does is not known. Thread-safe.
 */
final class CallbackSender implements AutoCloseable {
    /** How many messages are sent at the same time. */
    private static final int LANES = 8;
    /** How many messages wait in each lane; those beyond are not delivered. */
    private static final int QUEUE = 10_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int CLOSE_TIMEOUT_SECONDS = 5;
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    private final DeliveryLog log;
    private final InstantSource clock;
    private final List<ThreadPoolExecutor> lanes;
    /** Made when a message is sent first: most sandboxes never send one. */
    private @Nullable HttpClient http;

    CallbackSender(DeliveryLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
        var number = new AtomicInteger();
        lanes = Stream.generate(() -> lane(number)).limit(LANES).toList();
    }

    private static ThreadPoolExecutor lane(AtomicInteger number) {
        var lane = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), task -> {
            var thread = new Thread(task, "sandbox-events-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        lane.allowCoreThreadTimeOut(true);
        return lane;
    }

    /** Returns whether messages can go there at all. */
    static boolean canReach(URI url) {
        return "http".equals(url.getScheme())
                && url.getHost() != null
                && LOOPBACK.matcher(url.getHost()).matches();
    }

    /** Sends the message in its turn; does not wait. */
    void send(EventMessage message) {
        log.begin();
        try {
            lanes.get(Math.floorMod(message.change().channel().hashCode(), LANES))
                    .execute(() -> post(message));
        } catch (RejectedExecutionException e) {
            log.end(message, 0, Duration.ZERO);
        }
    }

    /** Logs the message as not delivered. */
    void lose(EventMessage message) {
        log.begin();
        log.end(message, 0, Duration.ZERO);
    }

    private void post(EventMessage message) {
        var begin = clock.instant();
        int code = status(message);
        log.end(message, code, Duration.between(begin, clock.instant()));
    }

    /** Returns the status of the answer, or 0 if there was none. */
    private int status(EventMessage message) {
        if (!canReach(message.callbackUrl())) {
            return 0;
        }
        try {
            var request = HttpRequest.newBuilder(message.callbackUrl())
                    .timeout(TIMEOUT)
                    .header("Content-Type", message.contentType())
                    .POST(HttpRequest.BodyPublishers.ofString(message.body()))
                    .build();
            return http().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private synchronized HttpClient http() {
        if (http == null) {
            http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TIMEOUT)
                    .build();
        }
        return http;
    }

    /** Ends all threads before it returns. */
    @Override
    public void close() throws IOException {
        lanes.forEach(ThreadPoolExecutor::shutdownNow);
        try {
            for (var lane : lanes) {
                if (!lane.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException("threads of the sandbox did not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the sandbox's threads were ending");
        }
    }
}
