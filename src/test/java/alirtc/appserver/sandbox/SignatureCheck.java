package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;

/** Verifies that a request comes from the account, is recent, and was not seen before. Thread-safe. */
final class SignatureCheck {
    /** How far a request's time may be from the sandbox's. */
    private static final Duration TOLERANCE = Duration.ofMinutes(15);

    private final Account account;
    private final InstantSource clock;
    private final Nonces nonces = new Nonces();

    SignatureCheck(Account account, InstantSource clock) {
        this.account = account;
        this.clock = clock;
    }

    /** Accepts a genuine request and rejects any other with the cloud's code for it. */
    void check(HttpRequest request) throws ApiError {
        if (!request.parameter("AccessKeyId").equals(account.accessKeyId())) {
            throw new ApiError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
        }
        checkSignature(request);
        checkTimestamp(request.parameter("Timestamp"));
        if (request.parameter("SignatureNonce").isEmpty()) {
            throw new ApiError(400, "MissingSignatureNonce", "SignatureNonce is mandatory for this action.");
        }
        if (!nonces.add(request.parameter("SignatureNonce"))) {
            throw new ApiError(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
        }
    }

    private void checkSignature(HttpRequest request) throws ApiError {
        var stringToSign = RpcSignature.stringToSign(request.method(), request.parameters());
        var expected = RpcSignature.sign(stringToSign, account.accessKeySecret());
        if (!MessageDigest.isEqual(
                expected.getBytes(UTF_8), request.parameter("Signature").getBytes(UTF_8))) {
            // The SDK tells a wrong secret from a wrong encoding by the text after the colon.
            throw new ApiError(
                    400,
                    "SignatureDoesNotMatch",
                    "Specified signature is not matched with our calculation. server string to sign is:"
                            + stringToSign);
        }
    }

    private void checkTimestamp(String timestamp) throws ApiError {
        Instant at;
        try {
            at = Instant.parse(timestamp);
        } catch (DateTimeParseException e) {
            throw new ApiError(400, "InvalidTimeStamp.Format", "Specified time stamp is not well formatted.");
        }
        if (Duration.between(at, clock.instant()).abs().compareTo(TOLERANCE) > 0) {
            throw new ApiError(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
        }
    }
}
