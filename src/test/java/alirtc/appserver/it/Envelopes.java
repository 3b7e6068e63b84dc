package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What holds for every answer under {@code /app/}. */
final class Envelopes {
    private Envelopes() {}

    /** Makes sure that an answer is a success in the envelope, and returns its data. */
    static JsonNode success(Answer answer) {
        var json = answer.json();
        assertAll(
                answer.toString(),
                () -> assertEquals(200, answer.status()),
                () -> assertEquals(Set.of("result", "requestId", "message", "code", "data"), names(json)),
                () -> assertEquals("true", text(json, "result")),
                () -> assertEquals("200", text(json, "code")),
                () -> assertEquals("", text(json, "message")),
                () -> assertTrue(json.path("data").isObject()),
                () -> assertCommon(answer, json));
        return json.path("data");
    }

    /** Makes sure that an answer is a failure in the envelope, and returns its message. */
    static String failure(int status, Answer answer) {
        var json = answer.json();
        assertAll(
                answer.toString(),
                () -> assertEquals(status, answer.status()),
                () -> assertEquals(Set.of("result", "requestId", "message", "code"), names(json)),
                () -> assertEquals("false", text(json, "result")),
                () -> assertEquals(Integer.toString(status), text(json, "code")),
                () -> assertFalse(text(json, "message").isBlank()),
                () -> assertTellsNoInsides(answer),
                () -> assertCommon(answer, json));
        return json.path("message").textValue();
    }

    /** Makes sure that an answer without a body has the head of one in the envelope. */
    static void headOnly(int status, Answer answer) {
        assertAll(
                answer.toString(),
                () -> assertEquals(status, answer.status()),
                () -> assertEquals("", answer.body()),
                () -> assertFalse(answer.header("X-Request-Id").orElse("").isEmpty()),
                () -> assertHead(answer));
    }

    /** Makes sure that an answer names no class or line of code. */
    static void assertTellsNoInsides(Answer answer) {
        for (var inside : Set.of("Exception", "\tat ", "java.lang", "org.apache", "org.eclipse", "com.aliyuncs")) {
            assertFalse(answer.body().contains(inside), () -> inside + " in " + answer);
        }
    }

    private static void assertCommon(Answer answer, JsonNode json) {
        assertFalse(text(json, "requestId").isBlank());
        assertEquals(Optional.of(text(json, "requestId")), answer.header("X-Request-Id"));
        assertHead(answer);
    }

    private static void assertHead(Answer answer) {
        assertEquals(Optional.of("no-store"), answer.header("Cache-Control"));
        assertEquals(
                Optional.of("application/json;charset=utf-8"),
                answer.header("Content-Type").map(type -> type.replace(" ", "").toLowerCase(Locale.ROOT)));
    }

    private static Set<String> names(JsonNode json) {
        var names = new TreeSet<String>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String text(JsonNode json, String name) {
        assertTrue(json.path(name).isTextual(), () -> name + " is no string in " + json);
        return json.path(name).textValue();
    }
}
