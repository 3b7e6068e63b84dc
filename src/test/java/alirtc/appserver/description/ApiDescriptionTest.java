package alirtc.appserver.description;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check of answers against the description finds what is not described. */
class ApiDescriptionTest {
    private static final String VERDICT =
            "{'result':'true','requestId':'r','message':'','code':'200','data':{'sameApp':true,'valid':true}}";

    private static final String FAILURE = "{'result':'false','requestId':'r','message':'m','code':'404'}";

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static List<String> contradictions(String method, String target, int status, String body) {
        return ApiDescription.OURS.contradictions(new Exchange(
                method,
                target,
                status,
                Map.of(
                        "content-type",
                        List.of("application/json;charset=UTF-8"),
                        "x-request-id",
                        List.of("r"),
                        "traceparent",
                        List.of(TRACE)),
                body.replace('\'', '"')));
    }

    @Test
    void answer_asDescribed_hasNoContradictions() {
        assertEquals(List.of(), contradictions("POST", "/app/tokenCheck", 200, VERDICT));
        assertEquals(List.of(), contradictions("GET", "/app/descChannelStartTime?channelId=a", 404, FAILURE));
        assertEquals(List.of(), contradictions("GET", "/app/nowhere", 404, FAILURE));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "'sameApp':true,   | ``",
                "'valid':true      | 'valid':1",
                "'valid':true      | 'valid':true,'more':1",
                "'result':'true'   | 'result':'yes'",
                "'code':'200'      | 'code':'201'",
                "'requestId':'r',  | 'requestId':'r','more':'x',",
            })
    void field_missingWrongOrNotDescribed_isAContradiction(String described, String other) {
        var body = VERDICT.replace(described, other);
        assertNotEquals(VERDICT, body);

        assertNotEquals(List.of(), contradictions("POST", "/app/tokenCheck", 200, body));
    }

    @Test
    void code_notDescribedAtThePath_isAContradiction() {
        assertEquals(
                List.of("get /app/token has no answer 404"),
                contradictions("GET", "/app/token?channelId=a", 404, FAILURE));
    }

    @Test
    void path_notDescribed_isAContradictionUnlessNothingIsThere() {
        assertEquals(1, contradictions("GET", "/app/more", 200, VERDICT).size());
    }

    @Test
    void header_missing_isAContradiction() {
        var away = FAILURE.replace("404", "503");

        assertEquals(
                List.of("no header Retry-After"),
                contradictions("GET", "/app/descChannelUsers?channelId=a", 503, away));
    }
}
