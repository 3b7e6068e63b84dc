package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cloud's signature of RPC requests, version 1.0.
 *
 * @see <a href="https://help.aliyun.com/document_detail/25490.htm">the signature mechanism</a>
 */
final class RpcSignature {
    private static final String ALGORITHM = "HmacSHA1";

    private RpcSignature() {}

    /**
     * Returns the text that is signed.
     *
     * @param parameters decoded; the signature itself may be among them and is left out
     */
    static String stringToSign(String method, Map<String, String> parameters) {
        var canonical = new TreeMap<>(parameters)
                .entrySet().stream()
                        .filter(parameter -> !parameter.getKey().equals("Signature"))
                        .map(parameter ->
                                percentEncoded(parameter.getKey()) + "=" + percentEncoded(parameter.getValue()))
                        .collect(Collectors.joining("&"));
        return method + "&%2F&" + percentEncoded(canonical);
    }

    static String sign(String stringToSign, String secret) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec((secret + "&").getBytes(UTF_8), ALGORITHM));
            return Base64.getEncoder().encodeToString(mac.doFinal(stringToSign.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** Encodes all but the unreserved characters of RFC 3986, which a form's encoding does not quite do. */
    private static String percentEncoded(String text) {
        return URLEncoder.encode(text, UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
