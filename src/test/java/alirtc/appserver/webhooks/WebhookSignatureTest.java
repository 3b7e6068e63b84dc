package alirtc.appserver.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.config.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {
    private static final Secret PUBLISHED = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final Secret OTHER = new Secret("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz");

    /** The example of the specification's own libraries. */
    @Test
    void signature_ofThePublishedExample_isThePublishedOne() {
        assertEquals(
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                new WebhookSignature(List.of(PUBLISHED))
                        .sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"));
    }

    @Test
    void signature_byTwoSecrets_isOneForEachWithABlankBetween() {
        var old = new WebhookSignature(List.of(PUBLISHED)).sign("msg_1", 1, "{}");
        var young = new WebhookSignature(List.of(OTHER)).sign("msg_1", 1, "{}");
        assertEquals(
                old + " " + young, new WebhookSignature(List.of(PUBLISHED, OTHER)).sign("msg_1", 1, "{}"));
    }
}
