package alirtc.appserver.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes JWTs by hand, good ones and such as no library would make. */
public final class Jwts {
    private static final Pattern FROM_NOW = Pattern.compile("\\$([+-][0-9]+)");
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** Makes the signature of a text. */
    public interface Signing {
        byte[] sign(byte[] text) throws GeneralSecurityException;
    }

    private Jwts() {}

    /**
     * Makes a JWT.
     *
     * @param header JSON, in which {@code '} stands for {@code "}
     * @param payload JSON likewise, in which {@code $+60} stands for a minute from now in seconds
     */
    public static String of(String header, String payload, Instant now, Signing signing) {
        var claims = FROM_NOW.matcher(payload)
                .replaceAll(match -> Long.toString(now.getEpochSecond() + Long.parseLong(match.group(1))));
        var text = encoded(header.replace('\'', '"').getBytes(UTF_8)) + "."
                + encoded(claims.replace('\'', '"').getBytes(UTF_8));
        try {
            return text + "." + encoded(signing.sign(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Signing none() {
        return text -> new byte[0];
    }

    public static Signing hmac(int bits, byte[] key) {
        return text -> {
            var mac = Mac.getInstance("HmacSHA" + bits);
            mac.init(new SecretKeySpec(key, "HMAC"));
            return mac.doFinal(text);
        };
    }

    public static Signing rsa(KeyPair key) {
        return text -> signed("SHA256withRSA", key.getPrivate(), text);
    }

    public static Signing ec(KeyPair key) {
        return text -> signed("SHA256withECDSAinP1363Format", key.getPrivate(), text);
    }

    private static byte[] signed(String algorithm, PrivateKey key, byte[] text) throws GeneralSecurityException {
        var signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        return signature.sign();
    }

    /** Draws a key pair of {@code RSA} or {@code EC}. */
    public static KeyPair newKey(String type, int bits) {
        try {
            var generator = KeyPairGenerator.getInstance(type);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the JWK of a public key, with more members, such as {@code ,'use':'sig'}. */
    public static String jwk(String id, KeyPair key, String more) {
        var members = key.getPublic() instanceof RSAPublicKey rsa
                ? "'kty':'RSA','n':'" + encoded(unsigned(rsa.getModulus())) + "','e':'"
                        + encoded(unsigned(rsa.getPublicExponent())) + "'"
                : "'kty':'EC','crv':'P-256','x':'"
                        + encoded(padded(((ECPublicKey) key.getPublic()).getW().getAffineX())) + "','y':'"
                        + encoded(padded(((ECPublicKey) key.getPublic()).getW().getAffineY())) + "'";
        return ("{'kid':'" + id + "'," + members + more + "}").replace('\'', '"');
    }

    /** Returns the JWKS of some JWKs. */
    public static String jwks(String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }

    private static byte[] unsigned(BigInteger number) {
        var bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static byte[] padded(BigInteger coordinate) {
        var bytes = unsigned(coordinate);
        var padded = new byte[32];
        System.arraycopy(bytes, 0, padded, padded.length - bytes.length, bytes.length);
        return padded;
    }

    private static String encoded(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }
}
