package alirtc.appserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookReceiverTest {
    /** The example of the specification's own libraries. */
    private static final Instant SIGNED_AT = Instant.ofEpochSecond(1614265330);

    private static final String BODY = "{\"test\": 2432232314}";
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private final AtomicReference<Instant> now = new AtomicReference<>(SIGNED_AT);
    private final WebhookReceiver receiver = WebhookReceiver.start("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", now::get);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        receiver.close();
    }

    private HttpRequest message(String signatures, String body) {
        return HttpRequest.newBuilder(receiver.uri())
                .header("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .header("webhook-timestamp", Long.toString(SIGNED_AT.getEpochSecond()))
                .header("webhook-signature", signatures)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<Void> post(String signatures, String body) throws Exception {
        return http.send(message(signatures, body), BodyHandlers.discarding());
    }

    @Test
    void message_signedByOneOfTwoSecrets_isVerifiedAndShown() throws Exception {
        assertEquals(204, post("v1,AAAA " + SIGNATURE, BODY).statusCode());
        assertEquals(
                new ReceivedWebhook(SIGNED_AT, "msg_p5jXN8AQM9LWM0D4loKWxJek", true, 204, BODY),
                receiver.received().get(0));
    }

    @Test
    void message_changed_isRejectedAndShown() throws Exception {
        assertEquals(401, post(SIGNATURE, "{}").statusCode());
        assertFalse(receiver.received().get(0).verified());
    }

    @Test
    void message_ofLongAgo_isRejected() throws Exception {
        now.set(SIGNED_AT.plus(Duration.ofMinutes(6)));
        assertEquals(401, post(SIGNATURE, BODY).statusCode());
    }

    @Test
    void receiver_madeToFail_answersSoUntilItIsNot() throws Exception {
        receiver.set(new WebhookFault(503, 60));
        var answer = post(SIGNATURE, BODY);
        assertEquals(503, answer.statusCode());
        assertEquals("60", answer.headers().firstValue("Retry-After").orElse(""));
        receiver.set(WebhookFault.NONE);
        assertEquals(204, post(SIGNATURE, BODY).statusCode());
        assertEquals(2, receiver.received().size());
    }

    @Test
    void receiver_madeToBeSilent_breaksOffOnceItIsNotAnyMore() throws Exception {
        receiver.set(new WebhookFault(0, 0));
        var answer = http.sendAsync(message(SIGNATURE, BODY), BodyHandlers.discarding());
        assertThrows(TimeoutException.class, () -> answer.get(200, TimeUnit.MILLISECONDS));
        receiver.set(WebhookFault.NONE);
        assertThrows(ExecutionException.class, () -> answer.get(10, TimeUnit.SECONDS));
        assertTrue(receiver.received().get(0).verified());
    }

    @Test
    void fault_ofNoStatus_isRejected() {
        assertThrows(IllegalArgumentException.class, () -> new WebhookFault(99, 0));
    }
}
