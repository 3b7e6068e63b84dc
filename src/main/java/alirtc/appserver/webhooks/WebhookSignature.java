package alirtc.appserver.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import alirtc.appserver.config.Secret;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs messages, by one secret or by two while the receiver changes from one to the other (Standard Webhooks 1.0.0).
 * Immutable.
 */
final class WebhookSignature {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String SECRET = "whsec_";

    private final List<SecretKeySpec> keys;

    /**
     * Builds what signs.
     *
     * @param secrets each {@code whsec_} and the bytes of a key in base64
     */
    WebhookSignature(List<Secret> secrets) {
        this.keys = secrets.stream()
                .map(secret -> Base64.getDecoder().decode(secret.value().substring(SECRET.length())))
                .map(bytes -> new SecretKeySpec(bytes, ALGORITHM))
                .toList();
    }

    /**
     * Returns the signatures of a message, blanks between.
     *
     * @param timestamp the seconds since 1970 at which it is sent
     */
    String sign(String id, long timestamp, String body) {
        var content = (id + "." + timestamp + "." + body).getBytes(UTF_8);
        return keys.stream()
                .map(key -> "v1," + Base64.getEncoder().encodeToString(mac(key, content)))
                .collect(joining(" "));
    }

    private static byte[] mac(SecretKeySpec key, byte[] content) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no " + ALGORITHM, e);
        }
    }
}
