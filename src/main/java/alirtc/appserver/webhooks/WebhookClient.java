package alirtc.appserver.webhooks;

import alirtc.appserver.config.WebhooksConfig;
import alirtc.appserver.metrics.WebhookMetrics.Outcome;
import alirtc.appserver.records.Outbox.Message;
import alirtc.appserver.time.Timers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Posts messages to the receiver. Thread-safe; never blocks. */
final class WebhookClient {
    /** How long an attempt takes at the most, from the connection to the end of the answer. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int GONE = 410;

    private final HttpClient http;
    private final URI receiver;
    private final WebhookSignature signature;
    private final InstantSource wall;
    private final Timers timers;

    /**
     * Builds a client.
     *
     * @param executor runs what little there is to do about answers
     * @param wall the machine's clock, which receivers compare with theirs
     */
    WebhookClient(WebhooksConfig config, Executor executor, InstantSource wall, Timers timers) {
        this.http = client(executor);
        this.receiver = config.url();
        this.signature = new WebhookSignature(config.secrets());
        this.wall = wall;
        this.timers = timers;
    }

    private static HttpClient client(Executor executor) {
        var thread = Thread.currentThread();
        var loader = thread.getContextClassLoader();
        // The client's own thread ends only once the client is forgotten, and must not keep an undeployed application.
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        try {
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(TIMEOUT)
                    .executor(executor)
                    .build();
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    /** Makes one attempt to deliver a message; the future never fails. */
    CompletableFuture<Attempt> post(Message message) {
        long timestamp = wall.instant().getEpochSecond();
        var request = HttpRequest.newBuilder(receiver)
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "alirtc-appserver")
                .header("webhook-id", message.id())
                .header("webhook-timestamp", Long.toString(timestamp))
                .header("webhook-signature", signature.sign(message.id(), timestamp, message.body()))
                .POST(BodyPublishers.ofString(message.body()))
                .build();
        var answer = http.sendAsync(request, head -> new DiscardedBody());
        var attempt = new CompletableFuture<HttpResponse<Void>>();
        timers.timeout(attempt, TIMEOUT, TimeoutException::new);
        // The stages only pass on what came first.
        var unused = answer.whenComplete((response, failure) -> {
            if (failure == null) {
                attempt.complete(response);
            } else {
                attempt.completeExceptionally(failure);
            }
        });
        return attempt.handle((response, failure) -> {
            if (failure != null) {
                answer.cancel(true);
                return failed(failure);
            }
            return judged(response);
        });
    }

    private Attempt judged(HttpResponse<Void> response) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return Attempt.DELIVERED;
        }
        var retryAfter = response.headers().firstValue("Retry-After").flatMap(this::wait);
        return new Attempt(Outcome.REJECTED, status == GONE, retryAfter, "it answers " + status);
    }

    /** Returns how long to wait by what a header says: seconds, or a date. */
    private Optional<Duration> wait(String text) {
        try {
            if (text.matches("[0-9]{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
            }
            Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(Duration.between(wall.instant(), date));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Attempt failed(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof TimeoutException || cause instanceof HttpTimeoutException
                ? Attempt.failed(Outcome.TIMEOUT, "it does not answer in time")
                : Attempt.failed(Outcome.UNREACHABLE, "it cannot be reached: " + words(cause));
    }

    /** Returns what happened without its message, where that could hold the address. */
    private static String words(@Nullable Throwable cause) {
        return cause == null ? "no answer" : cause.getClass().getSimpleName();
    }
}
