package alirtc.appserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RpcSignatureTest {

    /** The example that the cloud's own documents give. */
    @Test
    void sign_publishedExample_givesThePublishedSignature() {
        var stringToSign = RpcSignature.stringToSign(
                "GET",
                Map.of(
                        "Timestamp", "2016-02-23T12:46:24Z",
                        "Format", "XML",
                        "AccessKeyId", "testid",
                        "Action", "DescribeRegions",
                        "SignatureMethod", "HMAC-SHA1",
                        "SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
                        "Version", "2014-05-26",
                        "SignatureVersion", "1.0",
                        "Signature", "is left out"));

        assertEquals("OLeaidS1JvxuMvnyHOwuJ+uX5qY=", RpcSignature.sign(stringToSign, "testsecret"));
    }

    @Test
    void stringToSign_oddCharacters_encodesAllButTheUnreserved() {
        assertEquals(
                "GET&%2F&k%3D%2520%252A~%252B-_.%25E4%25BA%25BA",
                RpcSignature.stringToSign("GET", Map.of("k", " *~+-_.\u4eba")));
    }
}
